import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointsOf } from '../../src/api/routes/index.ts';
import { startWholeApi, type WholeApi } from '../support/whole-api.ts';
import { BEFORE, EXAMPLES, OTHER_ROUTES, REFUSALS, SHARED_NAMES } from './isolation-examples.ts';
import { createSampler, type Document, type Fill, type Place, type Shape } from './isolation-places.ts';
import { createSeeder, fingerprints, type SeededTenant } from './isolation-world.ts';
import { apiDeps, createApi } from './setup.ts';

// The routes do not depend on the database: those of one that is away are the same.
const endpoints = endpointsOf(apiDeps());
const routes = endpoints.map(({ mode, spec }) => ({ mode, spec, name: `${spec.method} ${spec.path}` }));
type Spec = (typeof routes)[number]['spec'];
const BRANCHES = 4;
// What differs between two answers to the same request.
const OWN_HEADERS = /^(date|etag|x-request-id|retry-after|content-length|.*rate-?limit.*)$/i;
const UUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;
const TOOK = /"query_time":[\d.]+/g;
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

let api: WholeApi;
let document: Document;
let reset: (tenant: SeededTenant) => Promise<void>;
let own: SeededTenant;
let other: SeededTenant;
let untouched: Record<string, string>;

beforeAll(async () => {
  api = await startWholeApi();
  document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;
  reset = await createSeeder(api.database);
  own = { tenantId: api.database.tenantId, id: randomUUID(), marker: `own-${randomBytes(6).toString('hex')}` };
  const [row] = await api.database.query<{ id: string }>(
    `insert into tenants (slug, name) values ('other', 'other') returning id`,
  );
  const tenantId = row!.id;
  other = { tenantId, id: randomUUID(), marker: `other-${randomBytes(6).toString('hex')}` };
  await reset(own);
  await reset(other);
  untouched = await fingerprints(api.database, tenantId);
});
afterAll(() => api.close());

interface Answer {
  status: number;
  headers: [string, string][];
  text: string;
}

/** Asks as an admin of the first tenant; of a stream the first words are enough. */
async function ask({ method, operationId }: Spec, { path, query, body }: Shape): Promise<Answer> {
  if (method !== 'get') await reset(own);
  await api.database.query(
    `update tenants set status = 'active', plan = 'enterprise', is_operator = true where id = $1`,
    [own.tenantId],
  );
  const { token, userId } = await api.tokenOf('admin');
  const before = BEFORE[operationId];
  if (before?.sql !== undefined) {
    const sql = before.sql.replaceAll('<admin>', `'${userId}'`).replaceAll('<tenant>', `'${own.tenantId}'`);
    await api.database.query(sql);
  }
  for (const verb of before?.post ?? []) {
    const at = `${api.url}${path.slice(0, path.lastIndexOf('/')).replace(/[^/]+$/, own.id)}/${verb}`;
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    const done = await fetch(at, { method: 'POST', headers, body: '{}' });
    if (!done.ok) throw new Error(`${operationId} needs ${verb} before: ${await done.text()}`);
  }
  const search = new URLSearchParams(query).toString();
  const response = await fetch(`${api.url}${path}${search === '' ? '' : `?${search}`}`, {
    method: method.toUpperCase(),
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const headers = [...response.headers].filter(([name]) => !OWN_HEADERS.test(name));
  const isStream = response.headers.get('Content-Type')?.includes('event-stream') === true;
  return { status: response.status, headers, text: isStream ? await firstWords(response) : await response.text() };
}

async function firstWords(response: Response): Promise<string> {
  const reader = response.body!.getReader();
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 200));
  const first = await Promise.race([reader.read(), late]);
  await reader.cancel();
  return first?.value === undefined ? '' : new TextDecoder().decode(first.value);
}

/** An answer without what two equal requests differ in; of a refusal, the request's id and the asked id alone. */
function comparable(answer: Answer, asked: readonly string[], text: string): Answer {
  const plain = asked.reduce((all, one) => all.replaceAll(one, '<asked>'), answer.text).replaceAll(text, '<text>');
  if (answer.status >= 400) {
    return { ...answer, text: plain.replace(/"request_id":"[^"]*"/, '"request_id":"<request>"') };
  }
  return { ...answer, text: plain.replace(UUID, '<id>').replace(TIME, '<time>').replace(TOOK, '<took>') };
}

const newText = () => `t${randomBytes(7).toString('hex')}`;
const newName = (like: string) => `${like.split('-')[0]}-${randomBytes(6).toString('hex')}`;

/** Every variant of a route's request and the places of ids in it. */
function variantsOf(route: (typeof routes)[number]) {
  const operation = document.paths?.[route.spec.path]?.[route.spec.method];
  if (operation === undefined) throw new Error(`${route.name} is not in the document`);
  const sampler = createSampler(document, operation, route.spec.path, EXAMPLES[route.spec.operationId], SHARED_NAMES);
  const known = new Map<string, { branch: number; places: Place[] }>();
  for (let branch = 0; branch < BRANCHES; branch++) {
    const places: Place[] = [];
    const shape = sampler(
      (place, kind) => {
        places.push(place);
        return kind;
      },
      branch,
      'text',
    );
    known.set(JSON.stringify(shape), { branch, places: [...new Set(places)] });
  }
  return { sampler, variants: [...known.values()] };
}

describe.each(routes)('$name', (route) => {
  it('tells and changes nothing of another tenant', async () => {
    const { sampler, variants } = variantsOf(route);
    for (const { branch, places } of variants) {
      const isTenant = (place: Place) => place === 'path:id' && route.spec.path.startsWith('/api/v1/tenants/');
      const fillWith =
        (at: Place | null, id: string, name: string): Fill =>
        (place, kind) => {
          if (place === at) return kind === 'uuid' ? id : name;
          if (kind === 'uuid') return isTenant(place) ? own.tenantId : own.id;
          return SHARED_NAMES[place] ?? own.marker;
        };
      const text = newText();
      const plain = await ask(route.spec, sampler(fillWith(null, '', ''), branch, text));
      const refusal = REFUSALS[route.spec.operationId]?.status;
      const isExpected = refusal === undefined ? plain.status < 300 : plain.status === refusal;
      expect(
        isExpected,
        `${plain.status} for one's own: give ${route.spec.operationId} what it needs in isolation-examples. ${plain.text} ${api.faults.at(-1) ?? ''}`,
      ).toBe(true);
      expect(plain.text).not.toContain(other.id);
      expect(plain.text).not.toContain(other.marker);
      for (const place of places) {
        const [foreignText, randomText] = [newText(), newText()];
        const unknown = { id: randomUUID(), name: newName(other.marker) };
        const foreign = await ask(
          route.spec,
          sampler(fillWith(place, isTenant(place) ? other.tenantId : other.id, other.marker), branch, foreignText),
        );
        const random = await ask(route.spec, sampler(fillWith(place, unknown.id, unknown.name), branch, randomText));
        const asked = [isTenant(place) ? other.tenantId : other.id, other.marker, unknown.id, unknown.name];
        expect(comparable(foreign, asked, foreignText), place).toEqual(comparable(random, asked, randomText));
        // A part that is missing here is missing for everybody.
        if (foreign.status !== refusal)
          expect(foreign.status, `${place}: ${foreign.text} ${api.faults.at(-1) ?? ''}`).toBeLessThan(500);
        const withoutEcho = comparable(foreign, asked, foreignText).text;
        expect(withoutEcho).not.toContain(other.tenantId);
      }
    }
    if (route.spec.method !== 'get') expect(await fingerprints(api.database, other.tenantId)).toEqual(untouched);
  });
});

describe('the list of routes', () => {
  it('is whole: what the app serves is of the registry, or listed with the test that covers it', () => {
    const registered = new Set(routes.map(({ spec }) => `${spec.method.toUpperCase()} ${honoPath(spec.path)}`));
    const served = createApi(apiDeps())
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`);
    const rest = [...new Set(served)].filter((one) => !registered.has(one) && !(one in OTHER_ROUTES));
    expect(rest).toEqual([]);
  });

  it('reads leave the other tenant as it was', async () => {
    expect(await fingerprints(api.database, other.tenantId)).toEqual(untouched);
  });
});

const honoPath = (path: string) => path.replaceAll(/\{([^}]+)\}/g, ':$1');
