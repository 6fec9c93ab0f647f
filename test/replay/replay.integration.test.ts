import { readdirSync, readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { workflowBundle } from '../../src/workers/bundle.ts';
import { HISTORIES } from '../support/histories.ts';
import { historyOfJson } from '../support/history-json.ts';
import { BUNDLE_CACHE } from '../support/temporal.ts';

interface RecordedHistory {
  events: Array<Record<string, unknown> & { eventType: string }>;
}

const names = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'));
const texts = new Map(names.map((name) => [name, readFileSync(join(HISTORIES, name), 'utf8')]));
const read = (name: string) => JSON.parse(texts.get(name)!) as RecordedHistory;

/** Every payload of a history, as text. */
function payloads(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(payloads);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'data' && typeof inner === 'string' ? [Buffer.from(inner, 'base64').toString('utf8')] : payloads(inner),
  );
}

describe('recorded histories', () => {
  let replayOptions: { workflowBundle: { code: string } };
  beforeAll(async () => {
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => undefined),
      telemetryOptions: { logging: { filter: 'off', forward: {} } },
    });
    replayOptions = { workflowBundle: (await workflowBundle(BUNDLE_CACHE)) as { code: string } };
  });

  test('there is one of each path', () => {
    expect(names.map((name) => name.replace('.json', ''))).toEqual(
      expect.arrayContaining([
        'complete-path',
        'failed-enrichment',
        'paused-and-resumed',
        're-score',
        'event-after-the-end',
        'discovery',
        'discovery-failed-source',
        'rescore-all',
        'model-training',
        'follow-up',
        'campaign',
      ]),
    );
  });

  test('today’s workflows replay every one of them', async () => {
    const histories = names.map((name) => ({ workflowId: name, history: historyOfJson(read(name)) }));
    const replayed: string[] = [];
    for await (const { workflowId, error } of Worker.runReplayHistories(replayOptions, histories)) {
      expect(error, workflowId).toBeUndefined();
      replayed.push(workflowId);
    }
    expect(replayed.sort()).toEqual([...names].sort());
  });

  test('a history that today’s workflows would not write is refused', async () => {
    const history = read('complete-path.json');
    const activity = history.events.find(({ eventType }) => eventType.endsWith('ACTIVITY_TASK_SCHEDULED'))!;
    (activity['activityTaskScheduledEventAttributes'] as { activityType: { name: string } }).activityType.name =
      'anotherActivity';
    await expect(Worker.runReplayHistory(replayOptions, historyOfJson(history))).rejects.toThrow(
      /anotherActivity|[Nn]ondeterminism/,
    );
  });

  test.each(names)('%s names no machine, no folder and no person', (name) => {
    const all = [texts.get(name)!, ...payloads(read(name))].join('\n');
    const machine = [hostname(), homedir(), '/tmp/', '/home/', 'node_modules'];
    expect(machine.filter((word) => all.includes(word))).toEqual([]);
    for (const [address] of all.matchAll(/[\w.+-]+@[a-z][\w-]*\.[\w.]+/gi)) expect(address).toMatch(/@example\.com$/);
    for (const [, identity] of all.matchAll(/"identity": "([^"]*)"/g)) {
      expect(identity).toMatch(/^(reos-test|temporal-system|history-service|)$/);
    }
  });
});
