import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { MEMO_SECTIONS } from '../../src/domain/memo/sections.ts';
import { makeHome, type RunningCli, startCli, until } from '../support/cli.ts';
import { readPdf } from '../support/read-pdf.ts';

let home: Awaited<ReturnType<typeof makeHome>>;
let up: RunningCli | undefined;
let signIn: { email: string; password: string; file: string };

interface Answer {
  code: number;
  stdout: string;
  stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shapes are what the tests look at
  json: any;
}

/** Runs a verb in this process. */
async function reos(args: readonly string[], env: Record<string, string> = {}): Promise<Answer> {
  let stdout = '';
  let stderr = '';
  const streams = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const code = await main(args, streams, { ...process.env, REOS_HOME: home.path, REOS_LOG_LEVEL: 'silent', ...env });
  return { code, stdout, stderr, json: args.includes('--json') ? JSON.parse(stdout) : undefined };
}

/** Runs a verb with --json, which must succeed. */
async function answer(...args: string[]): Promise<Answer['json']> {
  const { code, json, stderr } = await reos([...args, '--json']);
  expect({ code, error: json.error, stderr: code === 0 ? '' : stderr }).toEqual({
    code: 0,
    error: undefined,
    stderr: '',
  });
  return json;
}

const SALES = `PIN,Sale Date,Sale Price,Bedrooms,Bathrooms,Living Area,Lot Size,Year Built,Latitude,Longitude,Zip
9100000011,2015-03-01,"$410,000",3,2,1800,5000,1990,47.6,-122.3,98115
9100000021,2015-03-05,"$0",3,2,1800,5000,1990,47.601,-122.301,98115
9100000031,2015-03-07,"$200,000,000",3,2,1700,5000,1988,47.602,-122.302,98115
`;

describe('command line', () => {
  beforeAll(async () => {
    home = await makeHome();
  });
  afterAll(async () => {
    await reos(['down']);
    await up?.done;
    await home.remove();
  });

  it('shows its verbs, and each verb its options and an example', async () => {
    const help = await reos(['--help']);
    expect(help).toMatchObject({ code: 0 });
    for (const verb of [
      'demo',
      'up',
      'down',
      'status',
      'doctor',
      'migrate',
      'import',
      'discover',
      'lifecycle',
      'schedules',
      'memo',
      'outbox',
      'worker',
      'api',
      'temporal',
    ]) {
      expect(help.stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
    }
    for (const verb of [['demo'], ['import'], ['lifecycle', 'resume'], ['schedules', 'backfill'], ['outbox']]) {
      const { code, stdout } = await reos([...verb, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('Example:');
      expect(stdout).toContain('--json');
    }
  });

  it('refuses wrong input with exit code 2 and says what to do', async () => {
    expect(await reos(['nonsense'])).toMatchObject({ code: 2, stdout: '' });
    expect(await reos(['import'])).toMatchObject({ code: 2 });
    expect((await reos(['import'])).stderr).toContain("missing required argument 'file'");
    const wrong = await reos(['status', '--json'], { REOS_API_PORT: 'many', DATABASE_URL: '' });
    expect(wrong.code).toBe(2);
    expect(wrong.json.error).toMatchObject({ code: 'validation', message: expect.stringContaining('REOS_API_PORT') });
    expect((await reos(['worker', '--queues', 'core,nope', '--json'])).json.error.message).toContain("'nope'");
  });

  it('says that nothing runs', async () => {
    expect(await answer('status')).toEqual({ running: false, home: home.path });
    expect(await answer('down')).toMatchObject({ stopped: false });
  });

  it('runs the demonstration to the end', async () => {
    const summary = await answer('demo', '--rows', '24');
    expect(summary).toMatchObject({ duplicates: 0, failed: [], reopen: 'npm start' });
    expect(summary.properties).toBeGreaterThan(40);
    expect(summary.settled).toBe(summary.properties);
    expect(summary.sent).toBeGreaterThan(0);
    expect(summary.refused).toHaveLength(2);
    expect(summary.top).toHaveLength(10);
    expect(summary.top[0].reasons.length).toBeGreaterThan(0);
    signIn = summary.sign_in;
    expect(signIn).toMatchObject({ email: 'demo@example.com', file: join(home.path, 'demo', 'sign-in.json') });
    expect((await stat(signIn.file)).mode & 0o777).toBe(0o600);
    expect((await reos(['demo', '--json'], { SENDGRID_API_KEY: 'SG.test' })).json.error.code).toBe('forbidden');
  });

  it('lists, shows, pauses, resumes and scores again, on a system that runs', async () => {
    up = startCli(home.path, ['up']);
    const url = await until(async () => (await reos(['status', '--json'])).json.api_url, 60_000, 'reos up');
    const signedIn = await fetch(`${url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: signIn.email, password: signIn.password }),
    });
    expect(signedIn.status).toBe(200);
    const { lifecycles } = await answer('lifecycle', 'list', '--limit', '500');
    const best = lifecycles[0];
    expect(lifecycles.every((row: { status: string }) => row.status !== 'failed')).toBe(true);
    expect(
      (await answer('lifecycle', 'list', '--status', 'scored')).lifecycles.every(
        (row: { status: string }) => row.status === 'scored',
      ),
    ).toBe(true);
    const shown = await answer('lifecycle', 'show', best.property_id);
    expect(shown.events.map((event: { event_type: string }) => event.event_type)).toEqual(
      expect.arrayContaining(['property.discovered', 'property.enriched', 'property.scored', 'memo.generated']),
    );
    expect((await reos(['lifecycle', 'show', best.property_id])).stdout).toContain('Timeline');
    await answer('lifecycle', 'pause', best.property_id);
    const isPaused = async () => (await answer('lifecycle', 'list', '--limit', '1')).lifecycles[0].is_paused as boolean;
    await until(isPaused, 15_000, 'paused');
    await answer('lifecycle', 'resume', best.property_id);
    await until(async () => !(await isPaused()), 15_000, 'resumed');
    expect(await answer('lifecycle', 'rescore', best.property_id)).toMatchObject({
      action: 'rescored',
      bird_dog_score: best.bird_dog_score,
    });
    expect((await reos(['lifecycle', 'list', '--status', 'lost', '--json'])).code).toBe(2);
    expect((await reos(['lifecycle', 'show', 'abc', '--json'])).code).toBe(2);
    expect((await reos(['lifecycle', 'show', '00000000-0000-4000-8000-000000000000', '--json'])).code).toBe(4);
    expect((await reos(['lifecycle', 'list', '--tenant', 'nobody', '--json'])).json.error.message).toContain(
      "no tenant 'nobody'",
    );
  });

  it('gives memos as signed links that work, and as files', async () => {
    const { memos } = await answer('memo');
    const [memo] = memos;
    const response = await fetch(memo.url);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/pdf');
    expect((await fetch(memo.url.replace(/signature=.{4}/, 'signature=AAAA'))).status).toBe(403);
    const out = join(home.path, 'memo.pdf');
    await answer('memo', memo.property_id, '--out', out);
    expect((await readFile(out)).subarray(0, 5).toString()).toBe('%PDF-');
    expect((await reos(['memo', '--out', out, '--json'])).code).toBe(2);
    const { messages, folder } = await answer('outbox');
    expect(messages.length).toBeGreaterThan(0);
    expect(folder).toContain('outbox');
    expect((await reos(['outbox', '--status', 'clicked'])).stdout).toContain('Folder:');
  });

  it('wrote every memo whole: 14 sections in order, nothing unfilled', async () => {
    const { memos } = await answer('memo', '--limit', '1000');
    expect(memos.length).toBeGreaterThan(5);
    for (const memo of memos) {
      const { text } = await readPdf(await readFile(join(home.path, 'store', memo.path)));
      const places = MEMO_SECTIONS.map((title, index) =>
        text.indexOf(title, index === 0 ? 0 : text.indexOf(MEMO_SECTIONS[index - 1]!)),
      );
      expect(
        places.every((place) => place >= 0),
        memo.path,
      ).toBe(true);
      expect(text).not.toMatch(/\bundefined\b|\bNaN\b|\bnull\b|\{\{|\}\}|\[object/);
    }
  });

  it('applies, lists, pauses, triggers, backfills and resumes schedules', async () => {
    const { changes } = await answer('schedules', 'apply');
    expect(changes.every((row: { change: string }) => row.change === 'unchanged')).toBe(true);
    await answer('schedules', 'pause', 'email_campaign', '--note', 'holiday');
    const row = async (id: string) =>
      (await answer('schedules', 'list')).schedules.find((schedule: { dag_id: string }) => schedule.dag_id === id);
    expect(await row('email_campaign')).toMatchObject({ state: 'paused', note: 'holiday' });
    await answer('schedules', 'apply');
    expect(await row('email_campaign')).toMatchObject({ state: 'paused', note: 'holiday' });
    await answer('schedules', 'resume', 'email_campaign');
    expect(await row('email_campaign')).toMatchObject({ state: 'active' });
    await answer('schedules', 'trigger', 'sys_heartbeat');
    await until(async () => (await row('sys_heartbeat')).runs > 0, 20_000, 'heartbeat run');
    await answer(
      'schedules',
      'backfill',
      'score_master',
      '--from',
      '2026-11-01T00:00:00Z',
      '--to',
      '2026-11-02T00:00:00Z',
    );
    expect((await reos(['schedules', 'trigger', 'nothing', '--json'])).code).toBe(4);
    expect((await reos(['schedules', 'backfill', 'score_master', '--from', 'x', '--to', 'y', '--json'])).code).toBe(2);
  });

  it('imports a file with unknown headers, keeps what it refuses, and refuses what it cannot read', async () => {
    const file = join(home.path, 'some sales.csv');
    await writeFile(file, SALES);
    const { code, json } = await reos([
      'import',
      file,
      '--county',
      'king-wa',
      '--tenant',
      'second',
      '--no-start',
      '--json',
    ]);
    expect(json.sources[0]).toMatchObject({ scraped: 2, failed: 1 });
    expect(json.problems[0]).toContain('quality.min_valid_share');
    expect(code).toBe(1);
    expect((await answer('lifecycle', 'list', '--tenant', 'second')).lifecycles).toHaveLength(2);
    const broken = join(home.path, 'broken.csv');
    await writeFile(broken, 'PIN,Sale Price\n1,2,3\n');
    expect(
      (await reos(['import', broken, '--county', 'king-wa', '--tenant', 'second', '--json'])).json.problems.join(),
    ).toContain('broken.csv');
    expect(
      (await reos(['import', join(home.path, 'absent.csv'), '--county', 'king-wa', '--json'])).json.error.message,
    ).toContain('absent.csv');
    expect((await reos(['import', file, '--county', 'atlantis', '--json'])).json.error.message).toContain('king-wa');
  });

  it('discovers a county that has no source yet, migrates twice, and finds every part', async () => {
    expect(await answer('discover', 'cook-il', '--tenant', 'second')).toMatchObject({
      sources: [],
      lifecycles_started: 0,
    });
    expect((await answer('migrate')).applied).toEqual([]);
    const { parts } = await answer('doctor');
    expect(parts.map((part: { part: string; status: string }) => [part.part, part.status])).toEqual([
      ['node', 'ok'],
      ['postgres', 'ok'],
      ['temporal', 'ok'],
      ['browser', 'ok'],
      // Fetched when a model is first wanted: a machine has it already, or not yet.
      ['lightgbm', expect.stringMatching(/^(ok|warn)$/)],
      ['storage', 'ok'],
    ]);
    const listed = await startCli(home.path, [
      'temporal',
      'workflow',
      'list',
      '--query',
      "WorkflowType='countyDiscovery'",
    ]).done;
    expect(listed.stdout).toContain('discovery/');
    expect((await reos(['up', '--json'])).json.error.code).toBe('conflict');
  });

  it('stops', async () => {
    expect(await answer('down')).toMatchObject({ stopped: true });
    expect((await up!.done).code).toBe(0);
    expect(await answer('status')).toMatchObject({ running: false });
  });
});
