import { describe, expect, it } from 'vitest';
import { ReosError } from '../../src/domain/errors.ts';
import { NO_WEIGHTS } from '../../src/domain/market/calibration.ts';
import { type AskModel, type ContentBlock, type ModelQuestion, runAgent } from '../../src/intelligence/agent.ts';
import type { ToolContext } from '../../src/intelligence/tool.ts';

/** A warehouse without rows. */
const context: ToolContext = {
  warehouse: { kind: 'postgres', asked: [], read: async () => [] },
  now: new Date('2026-03-02T12:00:00Z'),
  weights: NO_WEIGHTS,
};

/** A model that says what it is told to, and keeps what it was asked. */
function model(...says: Array<ContentBlock[] | Error>) {
  const asked: ModelQuestion[] = [];
  const ask: AskModel = async (question) => {
    asked.push(structuredClone(question));
    const next = says[asked.length - 1];
    if (next === undefined || next instanceof Error) throw next ?? new ReosError('transient', 'nothing more to say');
    return { content: next, stopReason: next.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn' };
  };
  return { ask, asked };
}
const call = (name: string, input: unknown = { market: 'Phoenix, AZ' }): ContentBlock => ({
  type: 'tool_use',
  id: `call-${name}`,
  name,
  input,
});
const says = (text: string): ContentBlock => ({ type: 'text', text });
const run = (ask: AskModel, given: unknown = { inventory: 412 }) =>
  runAgent(context, ask, { question: 'What matters?', given, maxSteps: 3 });

describe('the agent', () => {
  it('calls tools, is given their answers, and its text counts when each figure is theirs', async () => {
    const { ask, asked } = model([call('get_market_summary')], [says('Inventory is 412; nothing after 2026-03-02.')]);
    const result = await run(ask);
    expect(result).toMatchObject({ status: 'success', text: 'Inventory is 412; nothing after 2026-03-02.' });
    expect(result.steps).toMatchObject([{ tool: 'get_market_summary', input: { market: 'Phoenix, AZ' }, error: null }]);
    expect(asked[0]!.tools.map(({ name }) => name)).toContain('rank_all_markets');
    expect(asked[0]!.tools.map(({ name }) => name)).not.toContain('log_recommendation');
    expect(asked[1]!.messages).toHaveLength(3);
    expect(JSON.stringify(asked[1]!.messages[2])).toContain('2026-03-02');
  });

  it.each([
    ['a figure of its own', [says('Inventory is 413.')], /413/],
    ['no text', [], /did not come to an end/],
  ])('is rejected for %s', async (_name, content, message) => {
    const result = await run(model(content as ContentBlock[]).ask);
    expect(result).toMatchObject({ status: 'rejected', text: null });
    expect(result.message).toMatch(message);
  });

  it('cannot write, is told of wrong questions, and ends at its step limit', async () => {
    const { ask, asked } = model(
      [call('log_recommendation', {})],
      [call('get_market_summary', {})],
      [call('nothing')],
      [call('get_market_summary')],
    );
    expect(await run(ask)).toMatchObject({
      status: 'rejected',
      message: 'The model asked for more than 3 tool calls.',
      steps: [{ error: /for reading/ }, { error: /market/ }, { error: /no tool/ }].map(({ error }) => ({
        error: expect.stringMatching(error),
      })),
    });
    expect(asked).toHaveLength(4);
  });

  it('fails with the reason when the budget refuses', async () => {
    const { ask } = model(new ReosError('budget_exceeded', 'The budget is spent.'));
    expect(await run(ask)).toMatchObject({ status: 'failed', message: 'The budget is spent.', text: null });
  });
});
