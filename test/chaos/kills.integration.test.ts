import { readdir } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { makeHome, pidOf, reosJson, startCli, untilWords } from '../support/cli.ts';

interface Summary {
  properties: number;
  stages: Record<string, number>;
  settled: number;
  memos: number;
  sent: number;
  duplicates: number;
  failed: unknown[];
  messages: Record<string, number>;
}

const ROWS = '48';
/** Until the first properties are there. A starved machine takes many times as long as a quiet one. */
const PATIENCE_MS = 300_000;
const homes: Array<{ remove(): Promise<void> }> = [];

/** A demonstration to its end, with one part killed while properties are at work. */
async function demonstrate(victim: 'worker' | 'temporal' | 'postgres' | null) {
  const home = await makeHome();
  homes.push(home);
  const run = startCli(home.path, ['demo', '--json', '--rows', ROWS]);
  if (victim !== null) {
    await untilWords(run, /^properties: [1-9]/m, PATIENCE_MS);
    expect(run.stderr()).not.toMatch(/^events:/m);
    process.kill(await pidOf(home.path, victim), 'SIGKILL');
  }
  const { code, stdout, stderr } = await run.done;
  expect(code, stderr).toBe(0);
  if (victim !== null) expect(stderr).toContain(`${victim}: it was ended by SIGKILL; starting it again`);
  const summary = JSON.parse(stdout) as Summary;
  const { lifecycles } = await reosJson<{ lifecycles: Array<Record<string, unknown>> }>(home.path, [
    'lifecycle',
    'list',
  ]);
  const endState = Object.fromEntries(
    lifecycles.map((row) => [row.property_id, [row.status, row.bird_dog_score, row.reason]]),
  );
  const { folder, messages } = await reosJson<{ folder: string; messages: Array<{ send_id: string; status: string }> }>(
    home.path,
    ['outbox', '--limit', '2000'],
  );
  const files = (await readdir(folder)).filter((name) => name.endsWith('.eml'));
  return {
    home: home.path,
    summary,
    endState,
    messages: Object.fromEntries(messages.map((row) => [row.send_id, row.status])),
    files: files.length,
  };
}

// No second try: one duplicate is one too many.
describe('SIGKILL during the demonstration', { retry: 0 }, () => {
  let undisturbed: ReturnType<typeof demonstrate> | undefined;
  const baseline = () => {
    undisturbed ??= demonstrate(null);
    return undisturbed;
  };
  afterAll(() => Promise.all(homes.map((home) => home.remove())));

  it('undisturbed: every property settles, and a second run changes nothing and sends nothing', async () => {
    const first = await baseline();
    expect(first.summary).toMatchObject({ duplicates: 0, failed: [] });
    expect(first.summary.settled).toBe(first.summary.properties);
    expect(first.summary.sent).toBeGreaterThan(0);
    const again = await reosJson<Summary>(first.home, ['demo', '--rows', ROWS]);
    const { properties, stages, memos, sent, messages } = first.summary;
    expect(again).toMatchObject({ properties, stages, memos, sent, messages, duplicates: 0 });
  }, 600_000);

  for (const victim of ['worker', 'temporal', 'postgres'] as const) {
    it(`SIGKILL of ${victim}: every property reaches the same end state, nothing is sent twice, nothing is lost`, async () => {
      const expected = await baseline();
      const disturbed = await demonstrate(victim);
      expect(disturbed.endState).toEqual(expected.endState);
      expect(disturbed.messages).toEqual(expected.messages);
      expect(disturbed.summary.duplicates).toBe(0);
      expect(disturbed.files).toBe(expected.files);
      expect(disturbed.files).toBe(disturbed.summary.sent);
    }, 600_000);
  }
});
