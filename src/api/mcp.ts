import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ReosError } from '../domain/errors.ts';
import { createMcpServer, type ToolDocument } from '../intelligence/mcp.ts';
import type { Admission } from './kit/admission.ts';
import { type ApiEnv, problem } from './problem.ts';

const MAX_BODY_BYTES = 256 * 1024;
const TOOLS = '/api/v1/intelligence/tools';

/**
 * `POST /mcp`: the market tools over the Model Context Protocol's streamable HTTP, without sessions. Each call goes to the
 * tool's own route with the caller's credential: what may not be asked there may not be asked here.
 * @param admission counts the calls, and those without a good credential by their address
 * @param ask sends a request to this API, from where the call came
 */
export function mcpRoutes(
  admission: Admission,
  ask: (path: string, init: RequestInit, env: object) => Response | Promise<Response>,
): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const limit = bodyLimit({
    maxSize: MAX_BODY_BYTES,
    onError: (c) => problem(c, 'payload_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`),
  });
  app.post('/mcp', admission.holder, limit, async (c) => {
    const authorization = c.req.header('Authorization');
    const forwarded = c.req.header('X-Forwarded-For');
    const send = async (path: string, init: RequestInit = {}): Promise<never> => {
      const headers = {
        Authorization: authorization ?? '',
        'Content-Type': 'application/json',
        ...(forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded }),
      };
      const response = await ask(path, { ...init, headers }, c.env as object);
      const body = (await response.json()) as { detail?: string };
      if (!response.ok) throw new ReosError('validation', body.detail ?? `The API answered ${response.status}.`);
      return body as never;
    };
    const server = createMcpServer({
      list: async () => ((await send(TOOLS)) as { tools: ToolDocument[] }).tools,
      call: (name, input) =>
        send(`${TOOLS}/${encodeURIComponent(name)}`, { method: 'POST', body: JSON.stringify(input) }),
    });
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    try {
      return await transport.handleRequest(c.req.raw);
    } finally {
      await server.close();
    }
  });
  return app;
}
