import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool as McpTool,
} from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '../domain/errors.ts';

/** How the server reaches the tools: through the API, so that its permissions, limits and log hold here too. */
export interface ToolDoor {
  list(): Promise<ToolDocument[]>;
  /** The answer of a tool. Rejects with what the API says is wrong. */
  call(name: string, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}

/** A tool as `GET /api/v1/intelligence/tools` has it. */
export interface ToolDocument {
  name: string;
  title: string;
  description: string;
  writes: boolean;
  input_schema: Record<string, unknown>;
  output_schema: Record<string, unknown>;
}

/**
 * A Model Context Protocol server that offers the market tools with typed answers. A tool that fails answers with the
 * reason, for the model to read; it does not end the session.
 */
export function createMcpServer(door: ToolDoor): Server {
  const server = new Server(
    { name: 'real-estate-os', title: 'Real Estate OS: market intelligence', version: '1' },
    {
      capabilities: { tools: {} },
      instructions:
        'Every figure comes with its period, its confidence (0–1) and notes. Say the notes with the figure, and give no figure that no tool returned.',
    },
  );
  server.setRequestHandler(ListToolsRequestSchema, async () => ({ tools: (await door.list()).map(toolOf) }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }): Promise<CallToolResult> => {
    try {
      const answer = await door.call(params.name, params.arguments ?? {});
      return { structuredContent: answer, content: [{ type: 'text', text: JSON.stringify(answer) }] };
    } catch (error) {
      return { isError: true, content: [{ type: 'text', text: messageOf(error) }] };
    }
  });
  return server;
}

function toolOf(one: ToolDocument): McpTool {
  return {
    name: one.name,
    title: one.title,
    description: one.description,
    inputSchema: { ...one.input_schema, type: 'object' },
    outputSchema: { ...one.output_schema, type: 'object' },
    annotations: {
      readOnlyHint: !one.writes,
      destructiveHint: false,
      idempotentHint: !one.writes,
      openWorldHint: false,
    },
  };
}
