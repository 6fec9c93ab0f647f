import { describe, expect, it } from 'vitest';
import { NO_WEIGHTS } from '../../src/domain/market/calibration.ts';
import {
  type AgentEntry,
  agentTurn,
  type ContentBlock,
  callTool,
  modelQuestion,
} from '../../src/intelligence/agent.ts';
import type { ToolContext } from '../../src/intelligence/tool.ts';

/** A warehouse without rows. */
const context: ToolContext = {
  warehouse: { kind: 'postgres', asked: [], read: async () => [] },
  now: new Date('2026-03-02T12:00:00Z'),
  weights: NO_WEIGHTS,
};
const question: AgentEntry = { kind: 'question', text: 'What matters?', given: { inventory: 412 } };
const call = (id: string, name = 'get_market_summary', input: unknown = { market: 'Phoenix, AZ' }): ContentBlock => ({
  type: 'tool_use',
  id,
  name,
  input,
});
const answered = (stopReason: string | null, ...content: ContentBlock[]): AgentEntry => ({
  kind: 'model',
  content,
  stopReason,
  inputTokens: 10,
  outputTokens: 10,
  costMicros: 1,
});
const says = (text: string) => answered('end_turn', { type: 'text', text });
const result = (id: string, answer: unknown): AgentEntry => ({
  kind: 'tool',
  id,
  tool: 'get_market_summary',
  input: {},
  answer,
  error: null,
});

describe('a conversation', () => {
  it('asks, asks the tools, tells all their results in one message, and ends with a text of known figures', () => {
    const steps: AgentEntry[] = [question];
    expect(agentTurn(steps, 5)).toEqual({ next: 'ask' });
    steps.push(answered('tool_use', call('a'), call('b')));
    expect(agentTurn(steps, 5)).toMatchObject({ next: 'tools', calls: [{ id: 'a' }, { id: 'b' }] });
    steps.push(result('a', { homes: 7 }));
    expect(agentTurn(steps, 5)).toMatchObject({ next: 'tools', calls: [{ id: 'b' }] });
    steps.push(result('b', { homes: 9 }));
    expect(agentTurn(steps, 5)).toEqual({ next: 'ask' });
    const { messages, tools } = modelQuestion(steps);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[2]!.content).toMatchObject([
      { type: 'tool_result', tool_use_id: 'a', is_error: false },
      { type: 'tool_result', tool_use_id: 'b' },
    ]);
    expect(tools.map(({ name }) => name)).toContain('rank_all_markets');
    expect(tools.map(({ name }) => name)).not.toContain('log_recommendation');
    expect(tools.every(({ input_schema: schema }) => schema.type === 'object')).toBe(true);
    steps.push(says('Inventory is 412, and 9 homes.'));
    expect(agentTurn(steps, 5)).toEqual({
      next: 'end',
      status: 'success',
      text: 'Inventory is 412, and 9 homes.',
      message: null,
    });
  });

  it('sends invented figures back once, and rejects them the second time', () => {
    const steps: AgentEntry[] = [question, says('Inventory is 413.')];
    const turn = agentTurn(steps, 5);
    expect(turn).toMatchObject({ next: 'correct', figures: ['413'] });
    steps.push({ kind: 'correction', text: turn.next === 'correct' ? turn.text : '' });
    expect(agentTurn(steps, 5)).toEqual({ next: 'ask' });
    expect(modelQuestion(steps).messages.at(-1)).toMatchObject({ role: 'user', content: expect.stringMatching(/413/) });
    expect(agentTurn([...steps, says('Inventory is 412.')], 5)).toMatchObject({ next: 'end', status: 'success' });
    expect(agentTurn([...steps, says('Inventory is 414.')], 5)).toMatchObject({
      next: 'end',
      status: 'rejected',
      text: null,
      message: expect.stringMatching(/414/),
    });
  });

  it('believes no figure that stands only in the model’s own question or in its correction', () => {
    const steps = [question, answered('tool_use', call('a', 'rank_all_markets', { limit: 777 })), result('a', {})];
    expect(agentTurn([...steps, says('There are 777.')], 5)).toMatchObject({ next: 'correct' });
  });

  it.each([
    ['no text', answered('end_turn')],
    ['a text that was cut', answered('max_tokens', { type: 'text', text: 'Inventory' })],
    ['a refusal', answered('refusal', { type: 'text', text: 'No.' })],
  ])('rejects %s', (_name, entry) => {
    expect(agentTurn([question, entry], 5)).toMatchObject({
      status: 'rejected',
      message: expect.stringMatching(/did not come to an end/),
    });
  });

  it('ends at the limit of tool calls', () => {
    const steps = [
      question,
      answered('tool_use', call('a')),
      result('a', {}),
      answered('tool_use', call('b'), call('c')),
    ];
    expect(agentTurn(steps, 3)).toMatchObject({ next: 'tools' });
    expect(agentTurn(steps, 2)).toMatchObject({
      status: 'rejected',
      message: 'The model asked for more than 2 tool calls.',
    });
  });

  it('tells the model to ask for less where an answer is too long', () => {
    const long = result('a', { rows: Array.from({ length: 20_000 }, () => 'row') });
    const { messages } = modelQuestion([question, answered('tool_use', call('a')), long]);
    expect(JSON.stringify(messages[2])).toMatch(/too long/);
    expect(JSON.stringify(messages[2]).length).toBeLessThan(500);
  });
});

describe('tools of the model', () => {
  it.each([
    ['may not write', 'log_recommendation', {}, /for reading/],
    ['are told what was wrong', 'get_market_summary', {}, /market/],
    ['are those there are', 'nothing', {}, /no tool/],
  ])('%s', async (_name, name, input, error) => {
    expect(await callTool(context, { id: 'a', name, input })).toMatchObject({
      kind: 'tool',
      id: 'a',
      answer: null,
      error: expect.stringMatching(error),
    });
  });

  it('answer as for anybody', async () => {
    const step = await callTool(context, { id: 'a', name: 'get_market_summary', input: { market: 'Phoenix, AZ' } });
    expect(step).toMatchObject({ error: null, answer: { as_of: '2026-03-02' } });
  });
});
