import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TASK_QUEUES } from '../../src/domain/task-queues.ts';
import { createHttpClient } from '../../src/http/client.ts';
import { createClaude } from '../../src/intelligence/claude.ts';
import type { dailyBriefing } from '../../src/workflows/daily-briefing.ts';
import { ANTHROPIC_KEY, type FakeAnswer, type FakeAnthropic, startFakeAnthropic } from '../support/fake-anthropic.ts';
import { createWorld, type World } from '../support/lifecycle-world.ts';

let world: World;
let fake: FakeAnthropic;

beforeAll(async () => {
  world = await createWorld();
  // A zone in which it is about noon.
  const behind = new Date().getUTCHours() - 12;
  const zone = `Etc/GMT${behind < 0 ? '-' : '+'}${Math.abs(behind)}`;
  await world.query(`update tenants set time_zone = $2 where id = $1`, [world.tenantId, zone]);
  await world.query(
    `insert into mart.deal_pl (tenant_id, home_ref, market, status, acquisition_date, arv, acquisition_price, net_margin, valuation_confidence)
     select $1, 'h' || i, 'Phoenix, AZ', 'held', current_date - 30, 400000, 300000, 50000 + i, 0.8 from generate_series(1, 30) i`,
    [world.tenantId],
  );
});
afterAll(() => world?.close());
afterEach(async () => {
  await fake.close();
  for (const table of ['agent_runs', 'briefings', 'cost_ledger', 'budgets', 'policy_decisions']) {
    await world.query(`delete from ${table}`);
  }
});

interface Run {
  kind: string;
  status: string;
  message: string | null;
  cost_micros: number;
  steps: Array<Record<string, unknown>>;
}

/** Makes a morning with a model that answers so, and returns what came of it. */
async function morning(answers: FakeAnswer[], { budget = 1_000_000, maxSteps = 5 } = {}) {
  fake = await startFakeAnthropic(...answers);
  if (budget > 0) {
    await world.query(
      `insert into budgets (tenant_id, resource, period, limit_micros) values ($1, 'anthropic', 'day', $2)`,
      [world.tenantId, budget],
    );
  }
  const http = createHttpClient({ userAgent: 'reos-test', trustedOrigins: [fake.url] });
  world.deps.model = {
    ask: createClaude(http, { apiKey: ANTHROPIC_KEY, model: 'claude-test', baseUrl: fake.url }),
    name: 'claude-test',
    millionInputMicros: 3_000_000,
    millionOutputMicros: 15_000_000,
    maxSteps,
  };
  const options = { workflowId: `briefing/${randomUUID()}`, taskQueue: TASK_QUEUES.core };
  const handle = await world.temporal.client.workflow.start<typeof dailyBriefing>('dailyBriefing', {
    ...options,
    args: [{ dagId: 'daily_briefing' }],
  });
  expect(await handle.result()).toMatchObject({ made: 1 });
  const [run] = await world.query<Run>(`select * from agent_runs where kind = 'agent'`);
  const [briefing] = await world.query<{ author: string; path: string }>(`select author, path from briefings`);
  const ledger = await world.query<{ outcome: string; cost_micros: string }>(
    `select outcome, cost_micros from cost_ledger where kind = 'model' order by at`,
  );
  const text = String(await world.deps.storage.get(briefing!.path));
  return { run, briefing: briefing!, ledger, text, handle };
}

const call = (id: string, name = 'rank_top_100_deals', input: object = { n: 1 }) => ({
  type: 'tool_use',
  id,
  name,
  input,
});
const says = (text: string) => [{ type: 'text', text }];
const outcomes = (ledger: Array<{ outcome: string }>) => ledger.map(({ outcome }) => outcome);

describe('the model’s commentary', () => {
  it('comes of tool calls, is paid for, recorded, and stands at the head of the briefing; the key is nowhere', async () => {
    const { run, briefing, ledger, text, handle } = await morning([
      [{ type: 'text', text: 'I look.' }, call('one')],
      says('The best deal brings $50,030.'),
    ]);
    expect(run).toMatchObject({ status: 'success', message: null });
    expect(run!.steps.map(({ kind }) => kind)).toEqual(['question', 'model', 'tool', 'model']);
    expect(run!.steps[2]).toMatchObject({ id: 'one', tool: 'rank_top_100_deals', answer: { open_homes: 30 } });
    expect(briefing.author).toBe('agent');
    expect(text).toContain('## In short\n\nThe best deal brings $50,030.');
    // 1,000 tokens at $3 and 100 at $15 a million, twice.
    expect(ledger.map(({ outcome, cost_micros: cost }) => [outcome, Number(cost)])).toEqual([
      ['ok', 4_500],
      ['ok', 4_500],
    ]);
    expect(Number(run!.cost_micros)).toBe(9_000);
    expect(fake.asked.map(({ key, status }) => [key, status])).toEqual([
      [ANTHROPIC_KEY, 200],
      [ANTHROPIC_KEY, 200],
    ]);
    const history = JSON.stringify(await handle.fetchHistory());
    const rows = await world.query(`select to_jsonb(r) as row from agent_runs r`);
    for (const kept of [history, JSON.stringify(rows), text]) {
      expect(kept).not.toContain(ANTHROPIC_KEY);
      expect(kept).not.toContain(Buffer.from(ANTHROPIC_KEY).toString('base64').slice(0, 20));
    }
  });

  it('is sent back once for an invented figure, and left out when it comes again', async () => {
    const better = await morning([says('The best brings $51,234.'), says('The best brings $50,030.')]);
    expect(better.run).toMatchObject({ status: 'success' });
    expect(JSON.stringify(fake.asked[1]!.body.messages.at(-1))).toContain('51,234');
    await fake.close();
    await world.query(`delete from agent_runs`);
    await world.query(`delete from briefings`);
    await world.query(`delete from budgets`);
    const worse = await morning([says('It brings $51,234.')]);
    expect(worse.run).toMatchObject({ status: 'rejected', message: expect.stringMatching(/51,234/) });
    expect(fake.asked).toHaveLength(2);
    expect(worse.briefing.author).toBe('planner');
    expect(worse.text).not.toContain('51,234');
  });

  it('is not asked for without a budget, nor beyond it', async () => {
    const { run, briefing, ledger } = await morning([says('Well.')], { budget: 1_000 });
    expect(fake.asked).toEqual([]);
    expect(ledger).toEqual([]);
    expect(run).toMatchObject({ status: 'failed', message: expect.stringMatching(/budget for anthropic is \$0\.00/) });
    expect(briefing.author).toBe('planner');
  });

  it('ends at its limit of tool calls', async () => {
    const { run, briefing } = await morning([[call('a')], [call('b')], [call('c')]], { maxSteps: 2 });
    expect(run).toMatchObject({ status: 'rejected', message: expect.stringMatching(/more than 2 tool calls/) });
    expect(fake.asked).toHaveLength(3);
    expect(briefing.author).toBe('planner');
  });

  it('is tried again by Temporal alone when the model is too busy; what was refused costs nothing', async () => {
    const { run, ledger } = await morning([{ status: 429, retryAfter: '1' }, { status: 529 }, says('All is quiet.')]);
    expect(fake.asked.map(({ status }) => status)).toEqual([429, 529, 200]);
    expect(outcomes(ledger)).toEqual(['error', 'error', 'ok']);
    expect(ledger.map(({ cost_micros: cost }) => Number(cost))).toEqual([0, 0, 4_500]);
    expect(run).toMatchObject({ status: 'success' });
  });

  it.each<[string, FakeAnswer, RegExp]>([
    ['no JSON', { raw: '<html>' }, /cannot be read|no JSON/],
    ['another shape', { raw: '{"content": 5}' }, /cannot be read/],
    ['a refused key', { status: 401 }, /ANTHROPIC_API_KEY/],
  ])('is asked for once when the answer is %s; the briefing comes without it', async (_name, answer, message) => {
    const { run, briefing, ledger } = await morning([answer]);
    expect(fake.asked).toHaveLength(1);
    expect(run).toMatchObject({ status: 'failed', message: expect.stringMatching(message) });
    expect(outcomes(ledger)).toEqual(['status' in (answer as object) ? 'error' : 'unknown']);
    expect(briefing.author).toBe('planner');
  });
});
