import { answerJson, startProvider } from './fake-provider.ts';

export const ANTHROPIC_KEY = 'sk-ant-test-0123456789abcdef';

/** A question as the Messages API is asked, as far as tests look at it. */
export interface MessagesBody {
  model: string;
  max_tokens: number;
  system: string;
  messages: Array<{ role: string; content: unknown }>;
  tools: Array<{ name: string; input_schema: { type?: string } }>;
}

/** What the fake answers to one question: blocks of content, an HTTP status with an error, or text that is no answer. */
export type FakeAnswer = object[] | { status: number; retryAfter?: string } | { raw: string } | 'hang up';

export interface FakeAnthropic {
  url: string;
  /** Its own ledger: every question that reached it, and what it was answered with. */
  asked: Array<{ key: string | undefined; body: MessagesBody; status: number }>;
  close(): Promise<void>;
}

/**
 * Behaves as the Messages API does: key, version, roles by turns, every tool call answered in the next message.
 * @param answers one per question that it takes; the last one again and again
 */
export async function startFakeAnthropic(...answers: FakeAnswer[]): Promise<FakeAnthropic> {
  const asked: FakeAnthropic['asked'] = [];
  const server = await startProvider((request, response, socket) => {
    // Both spellings are the API's: which one comes is the client's affair.
    const key = request.headers['x-api-key'] ?? request.headers.authorization?.replace(/^Bearer /, '');
    const body = JSON.parse(request.raw) as MessagesBody;
    const entry = { key: typeof key === 'string' ? key : undefined, body, status: 200 };
    asked.push(entry);
    const refuse = (status: number, type: string, message: string) => {
      entry.status = status;
      answerJson(response, status, { type: 'error', error: { type, message } });
    };
    if (key !== ANTHROPIC_KEY) return refuse(401, 'authentication_error', 'invalid x-api-key');
    if (request.path !== '/v1/messages') return refuse(404, 'not_found_error', 'no such path');
    const wrong = problemOf(body, request.headers['anthropic-version']);
    if (wrong !== null) return refuse(400, 'invalid_request_error', wrong);
    const answer = answers[Math.min(asked.length, answers.length) - 1] ?? [];
    if (answer === 'hang up') return void socket.destroy();
    if ('raw' in answer) return void response.writeHead(200, { 'content-type': 'application/json' }).end(answer.raw);
    if ('status' in answer) {
      if (answer.retryAfter !== undefined) response.setHeader('retry-after', answer.retryAfter);
      return refuse(answer.status, answer.status === 529 ? 'overloaded_error' : 'rate_limit_error', 'slow down');
    }
    const isCall = answer.some((block) => (block as { type: string }).type === 'tool_use');
    answerJson(response, 200, {
      id: `msg_${asked.length}`,
      type: 'message',
      role: 'assistant',
      model: body.model,
      content: answer,
      stop_reason: isCall ? 'tool_use' : 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 1_000, output_tokens: 100 },
    });
  });
  return { url: server.url, asked, close: server.close };
}

interface Block {
  type: string;
  id?: string;
  tool_use_id?: string;
}

function problemOf({ messages, tools, max_tokens: most }: MessagesBody, version: unknown): string | null {
  if (version === undefined) return 'anthropic-version: required';
  if (!(most > 0)) return 'max_tokens: required';
  if (!tools.every(({ name, input_schema: schema }) => /^[\w-]{1,64}$/.test(name) && schema.type === 'object')) {
    return 'tools: a schema is no object';
  }
  if (messages[0]?.role !== 'user') return 'messages: the first one must be the user’s';
  for (const [at, { role, content }] of messages.entries()) {
    if (at > 0 && messages[at - 1]!.role === role) return 'messages: roles must take turns';
    const calls = role === 'assistant' ? blocks(content).filter(({ type }) => type === 'tool_use') : [];
    const results = blocks(messages[at + 1]?.content).map(({ tool_use_id: id }) => id);
    if (calls.some(({ id }) => !results.includes(id))) return 'messages: a tool_use has no tool_result after it';
  }
  return null;
}

const blocks = (content: unknown): Block[] => (Array.isArray(content) ? (content as Block[]) : []);
