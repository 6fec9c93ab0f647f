/**
 * Measures lists, details and searches of the API over a million properties, each beside its own bare SQL. Makes its own
 * Postgres in a temporary folder (or keeps it in `--keep DIR` and uses it again) and serves the API from a process of its
 * own. Requests arrive at fixed rates whatever the answers do, and a time counts from when the request was due;
 * the bare queries of a sample of them follow one by one. No request
 * is asked twice but those called `cached`. With `--clients 1` it asks one after the other instead, every form of a search
 * by itself, the first page of 50, of a server that has run for a while: the rows and the index of words are read once before.
 *
 * Run: `npm run bench -- api [--properties 1000000] [--seconds 60] [--clients 1] [--slim] [--keep DIR] [--memory-mb N]
 * [--json]`. `--slim` leaves out scores, values and events, and is for ten millions; `--memory-mb` is Postgres's, as
 * `REOS_POSTGRES_MEMORY_MB`. Aims, 95 of 100: list below 100 ms, detail 30, search
 * with facets 200, cached 10; twice the bare SQL's time at most. At ten millions with one client: search below 200.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { issueAccessToken } from '../src/api/auth/access-token.ts';
import { TEST_TOKEN_KEYS } from '../test/support/identity.ts';
import { bareClient, httpClient } from './parts/api-client.ts';
import { closedLoop, openLoop, quantile, type Times } from './parts/api-load.ts';
import { openPlace, type Place } from './parts/api-place.ts';
import { randomOf } from './parts/api-requests.ts';
import { SEED_TENANT } from './parts/api-seed.ts';

const { values } = parseArgs({
  options: {
    properties: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '60' },
    warm: { type: 'string', default: '30' },
    clients: { type: 'string' },
    each: { type: 'string', default: '20' },
    slim: { type: 'boolean', default: false },
    keep: { type: 'string' },
    'memory-mb': { type: 'string' },
    json: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const RATES = { list: 100, detail: 200, search: 5, cached: 20 };
const AIMS_MS: Readonly<Record<string, number>> = { list: 100, detail: 30, search: 200, cached: 10 };
const USER = '00000000-0000-4000-8000-00000000000a';
const tell = (words: string) => void process.stderr.write(`${words}\n`);

const memoryMb = values['memory-mb'] === undefined ? undefined : Number(values['memory-mb']);
const place = await openPlace(
  { properties: Number(values.properties), slim: values.slim, keep: values.keep, memoryMb },
  tell,
);
try {
  await measure(place);
} finally {
  await place.close();
}

async function measure({ url, adminUrl, pid, properties }: Place): Promise<void> {
  const token = await makeUser(adminUrl);
  const file = fileURLToPath(new URL('./parts/api-serve.ts', import.meta.url));
  const api = fork(file, [url, ...(values.profile === undefined ? [] : [values.profile])]);
  const [address] = (await once(api, 'message')) as [string];
  const bare = await bareClient(url, SEED_TENANT);
  const client = httpClient(address, token);
  const deps = { send: client.send, bare, random: randomOf(7), properties };
  const isAlone = values.clients !== undefined;
  try {
    if (isAlone) await readOnce(adminUrl);
    else await openLoop(deps, RATES, Number(values.warm), 1_000_000);
    const before = { api: await usage(api, 'profile'), postgres: postgresSeconds(pid), load: loadavg()[0] };
    const started = performance.now();
    const times = isAlone
      ? await closedLoop(deps, Number(values.each))
      : await openLoop(deps, RATES, Number(values.seconds), 0);
    const seconds = (performance.now() - started) / 1_000;
    const after = { api: await usage(api), postgres: postgresSeconds(pid), load: loadavg()[0] };
    const requests = [...times.values()].reduce((sum, { api: each }) => sum + each.length, 0);
    const cpu = (used: number) => Math.round((used / requests) * 1e5) / 100;
    const result = {
      properties,
      seconds: Math.round(seconds),
      requests,
      requests_per_second: Math.round(requests / seconds),
      api_cpu_ms_per_request: cpu(after.api.cpuSeconds - before.api.cpuSeconds),
      // The bare queries are in it.
      postgres_cpu_ms_per_request: cpu(after.postgres - before.postgres),
      api_rss_bytes: after.api.rssBytes,
      load_average: [before.load, after.load],
      kinds: Object.fromEntries([...times].map(([name, each]) => [name, summaryOf(name, each)])),
    };
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${tableOf(result)}\n`);
  } finally {
    client.close();
    await bare.close();
    api.disconnect();
    await once(api, 'exit');
  }
}

function summaryOf(name: string, { api, bare, errors }: Times) {
  const at = (share: number) => quantile(api, share);
  const aim = AIMS_MS[name] ?? AIMS_MS[name.split(/[ ,]/)[0] ?? ''];
  return {
    requests: api.length,
    errors,
    p50_ms: at(0.5),
    p95_ms: at(0.95),
    p99_ms: at(0.99),
    sql_p50_ms: quantile(bare, 0.5),
    sql_p95_ms: quantile(bare, 0.95),
    p95_to_sql: Math.round((at(0.95) / quantile(bare, 0.95)) * 100) / 100,
    p50_to_sql: Math.round((at(0.5) / quantile(bare, 0.5)) * 100) / 100,
    aim_p95_ms: aim,
    holds: aim !== undefined && at(0.95) < aim && errors === 0,
  };
}

function tableOf({
  kinds,
  ...rest
}: {
  kinds: Record<string, ReturnType<typeof summaryOf>>;
  [name: string]: unknown;
}): string {
  const head = ['', 'n', 'errors', 'p50', 'p95', 'p99', 'SQL p50', 'SQL p95', 'p50/SQL', 'p95/SQL', 'aim', ''];
  const rows = Object.entries(kinds).map(([name, k]) =>
    [
      name,
      k.requests,
      k.errors,
      k.p50_ms,
      k.p95_ms,
      k.p99_ms,
      k.sql_p50_ms,
      k.sql_p95_ms,
      k.p50_to_sql,
      k.p95_to_sql,
      k.aim_p95_ms,
      k.holds ? 'holds' : 'MISSED',
    ].map((value) => (Number.isNaN(value) ? '' : String(value ?? ''))),
  );
  const lines = [head, ...rows].map((row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(34) : cell.padStart(9))).join(''),
  );
  return [...lines, ...Object.entries(rest).map(([name, value]) => `${name}: ${String(value)}`)].join('\n');
}

/** Reads the rows and the index of words into the server's memory. */
async function readOnce(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('create extension if not exists pg_prewarm');
    for (const name of ['properties', 'properties_by_words']) {
      const { rows } = await client.query(`select pg_prewarm($1)::int as pages`, [name]);
      tell(`${name}: ${rows[0].pages} pages read`);
    }
  } finally {
    await client.end();
  }
}

/** A user of the tenant, and their access token. */
async function makeUser(adminUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(
      `insert into user_accounts (tenant_id, id, email, name, password_hash, role, tokens_valid_from)
       values ($1, $2, 'bench@example.com', 'Bench', 'none', 'viewer', now() - interval '1 day') on conflict do nothing`,
      [SEED_TENANT, USER],
    );
  } finally {
    await client.end();
  }
  return issueAccessToken(TEST_TOKEN_KEYS, { tenantId: SEED_TENANT, userId: USER }, new Date());
}

async function usage(api: ChildProcess, question = 'usage'): Promise<{ cpuSeconds: number; rssBytes: number }> {
  api.send(question);
  const [answer] = (await once(api, 'message')) as [{ cpuSeconds: number; rssBytes: number }];
  return answer;
}

/** Processor seconds of the server and its processes so far, ended ones included; NaN where there is no /proc. */
function postgresSeconds(root: number): number {
  try {
    const stats = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        try {
          const text = readFileSync(`/proc/${name}/stat`, 'utf8');
          return [
            {
              pid: Number(name),
              fields: text
                .slice(text.lastIndexOf(')') + 2)
                .split(' ')
                .map(Number),
            },
          ];
        } catch {
          return [];
        }
      });
    const own = stats.find(({ pid }) => pid === root)?.fields;
    if (own === undefined) return Number.NaN;
    const children = stats.filter(({ fields }) => fields[1] === root);
    return (
      children.reduce((sum, { fields }) => sum + fields[11]! + fields[12]!, own[11]! + own[12]! + own[13]! + own[14]!) /
      100
    );
  } catch {
    return Number.NaN;
  }
}
