import { ReosError } from '../../domain/errors.ts';
import { type ApiClient, take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { wholeNumber } from './lifecycle.ts';

interface BriefingItem {
  id: string;
  day: string;
  author: string;
  path: string;
  packet_ids: string[];
  delivered_at: string | null;
}

/** `reos briefing run`: the briefing of the day, made now. */
export const briefingRun: ApiVerb = {
  describe: (command) =>
    command
      .description('Make the market briefing of the day, and bring the decision packets up to date')
      .option('--deliver', 'also send it to the channels that did not get it yet')
      .addHelpText('after', '\nExample:\n  $ reos briefing run --json'),
  async ask({ api, output }, _args, options) {
    const body = { deliver: options.deliver === true };
    const made = await call<{ id: string; day: string; paths: string[]; packet_ids: string[] }>(
      api,
      'POST',
      '/api/v1/briefings/run',
      { body },
    );
    const { paths, packet_ids: packets } = made;
    output.answer(
      made,
      [`Briefing of ${made.day}, ${packets.length} decision packets:`, ...paths, 'Read it: reos briefing show'].join(
        '\n',
      ),
    );
  },
};

/** `reos briefing list` */
export const briefingList: ApiVerb = {
  describe: (command) =>
    command
      .description('List the briefings, newest day first')
      .option('--limit <n>', 'rows', '30')
      .addHelpText('after', '\nExample:\n  $ reos briefing list'),
  async ask({ api, output }, _args, options) {
    const items = await list(api, wholeNumber('--limit', options.limit));
    const rows = items.map((one) => ({
      day: one.day,
      author: one.author,
      packets: one.packet_ids.length,
      delivered: one.delivered_at ?? '',
      file: one.path,
    }));
    const text =
      rows.length === 0
        ? 'There is none yet: reos briefing run'
        : table(rows, ['day', 'author', 'packets', 'delivered', 'file']);
    output.answer({ briefings: items }, text);
  },
};

/** `reos briefing show [DAY]`: the briefing's text. */
export const briefingShow: ApiVerb = {
  describe: (command) =>
    command
      .description('Show a briefing: the newest, or that of a day')
      .argument('[day]', 'such as 2026-03-02')
      .addHelpText('after', '\nExample:\n  $ reos briefing show > briefing.md'),
  async ask({ api, output }, [day]) {
    const items = await list(api, 200);
    const chosen = day === undefined ? items[0] : items.find((one) => one.day === day);
    if (chosen === undefined) {
      throw new ReosError(
        'not_found',
        `There is no briefing${day === undefined ? '' : ` of ${day}`}. Make one: reos briefing run`,
      );
    }
    const found = await call<{ markdown: string | null }>(api, 'GET', '/api/v1/briefings/{id}', {
      params: { path: { id: chosen.id } },
    });
    output.answer(
      found,
      found.markdown?.trimEnd() ??
        `The file ${chosen.path} is not in the store any more. Make it anew: reos briefing run`,
    );
  },
};

const list = async (api: ApiClient, limit: number) =>
  (await call<{ items: BriefingItem[] }>(api, 'GET', '/api/v1/briefings', { params: { query: { limit } } })).items;

/** A call whose path the compiler does not know. */
async function call<T extends object>(
  api: ApiClient,
  method: 'GET' | 'POST',
  path: string,
  request: object,
): Promise<T & Record<string, unknown>> {
  const send = api[method] as unknown as (path: string, request: object) => Promise<{ data?: unknown }>;
  return (await take(send(path, request))) as T & Record<string, unknown>;
}
