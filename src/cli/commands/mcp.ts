import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createMcpServer, type ToolDocument } from '../../intelligence/mcp.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { postTool } from './market.ts';

/** `reos mcp`: the market tools for a model's client, over standard input and output. */
export const mcp: ApiVerb = {
  describe: (command) =>
    command
      .description('Serve the market tools over the Model Context Protocol on stdin and stdout, until stdin ends')
      .addHelpText(
        'after',
        '\nOver HTTP the API serves them at /mcp, with the API key as bearer.\n\nExample, in the settings of a model’s client:\n  { "command": "reos", "args": ["mcp", "--api", "https://reos.example.com"] }',
      ),
  async ask({ api, output }) {
    const server = createMcpServer({
      list: async () => (await take(api.GET('/api/v1/intelligence/tools', {}))).tools as ToolDocument[],
      call: (name, input) => postTool(api, name, input),
    });
    const transport = new StdioServerTransport();
    const ended = new Promise<void>((resolve) => {
      server.onclose = resolve;
      process.stdin.once('end', resolve);
      process.stdin.once('close', resolve);
    });
    await server.connect(transport);
    output.progress('The tools are served on stdin and stdout.');
    await ended;
    await server.close();
  },
};
