import { NO_WEIGHTS } from '../../domain/market/calibration.ts';
import { runTool, TOOLS, toolOf } from '../../intelligence/registry.ts';
import type { Tool } from '../../intelligence/tool.ts';
import { type ApiClient, take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { toolText } from '../tool-answer.ts';
import { addToolOptions, toolInput } from '../tool-options.ts';

/** `reos market TOOL`: one question to the intelligence room. */
function toolVerb(tool: Tool): ApiVerb {
  const name = tool.name.replaceAll('_', '-');
  return {
    describe: (command) => {
      addToolOptions(command.description(`${tool.title}. ${tool.description}`).summary(tool.title), tool);
      if (!tool.writes) {
        command.option('--files <folder>', 'answer from the CSV, Parquet or JSON-lines tables of a folder');
      }
      return command.addHelpText('after', `\nExample:\n  $ reos market ${name} --json`);
    },
    alone: (options) =>
      options.files === undefined
        ? undefined
        : async (output) => {
            const { openFileWarehouse } = await import('../../intelligence/warehouses/duckdb.ts');
            const { loadMarketRules } = await import('../../config/market.ts');
            const { readSettings } = await import('../../settings.ts');
            const marketRules = loadMarketRules(readSettings().configDir);
            const warehouse = await openFileWarehouse(String(options.files));
            try {
              const context = { warehouse, now: new Date(), weights: NO_WEIGHTS, marketRules };
              const answer = (await runTool(context, tool.name, toolInput(tool, options))) as Record<string, unknown>;
              output.answer(answer, toolText(answer));
            } finally {
              warehouse.close();
            }
          },
    async ask({ api, output }, _args, options) {
      const answer = await postTool(api, tool.name, toolInput(tool, options));
      output.answer(answer, toolText(answer));
    },
  };
}

/** Asks a tool through the API. */
export async function postTool(api: ApiClient, name: string, input: object): Promise<Record<string, unknown>> {
  // The path is made of the tool's name, so that the client's types cannot know it.
  const post = api.POST as unknown as (path: string, request: { body: unknown }) => ReturnType<ApiClient['POST']>;
  return (await take(post(`/api/v1/intelligence/tools/${name}`, { body: input }))) as unknown as Record<
    string,
    unknown
  >;
}

/** `reos market tools`: what can be asked. */
const marketTools: ApiVerb = {
  describe: (command) =>
    command
      .description('List the questions that the intelligence room answers')
      .addHelpText('after', '\nExample:\n  $ reos market tools'),
  async ask({ api, output }) {
    const { tools } = await take(api.GET('/api/v1/intelligence/tools', {}));
    const rows = tools.map(({ name, title }) => ({ tool: name.replaceAll('_', '-'), answers: title }));
    output.answer({ tools }, table(rows, ['tool', 'answers']));
  },
};

const ALIASES: Readonly<Record<string, string>> = { rank: 'rank_all_markets', surges: 'detect_inventory_surges' };

/** Every `reos market` verb that asks a tool: by its name with hyphens, and two by a short name. */
export const marketVerbs: Readonly<Record<string, ApiVerb>> = {
  'market tools': marketTools,
  ...Object.fromEntries(TOOLS.map((one) => [`market ${one.name.replaceAll('_', '-')}`, toolVerb(one)])),
  ...Object.fromEntries(
    Object.entries(ALIASES).flatMap(([alias, name]) => {
      const known = toolOf(name);
      return known === undefined ? [] : [[`market ${alias}`, toolVerb(known)]];
    }),
  ),
};
