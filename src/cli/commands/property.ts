import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { searchFilterOf, withSearchOptions } from '../search-options.ts';
import { checkId, wholeNumber } from './lifecycle.ts';
import { answerSearch, SORTS, sortOf } from './search.ts';

/** `reos property list`: properties with the filters of the search. */
export const propertyList: ApiVerb = {
  describe: (command) =>
    withSearchOptions(command.description('List properties, best score first'))
      .option('--sort <order>', SORTS.join(', '), '-bird_dog_score')
      .option('--limit <n>', 'rows', '50')
      .addHelpText('after', '\nExample:\n  $ reos property list --county king-wa --tag hot --sort=-updated_at'),
  async ask(caller, _args, options) {
    const page = { limit: wholeNumber('--limit', options.limit), sort: sortOf(options.sort), facets: false };
    await answerSearch(caller, await searchFilterOf(caller.api, options), page);
  },
};

/** `reos property show ID`: everything about it, and where each fact came from. */
export const propertyShow: ApiVerb = {
  describe: (command) =>
    command
      .description('Everything about a property, and where each fact came from')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos property show 4f7c… --json'),
  async ask({ api, output }, [text]) {
    const found = await take(api.GET('/api/v1/properties/{id}', { params: { path: { id: checkId(text) } } }));
    output.answer({ ...found }, JSON.stringify(found, null, 2));
  },
};

/** `reos property timeline ID`: what happened to it. */
export const propertyTimeline: ApiVerb = {
  describe: (command) =>
    command
      .description('What happened to a property, the newest first')
      .argument('<property>', 'property id')
      .option('--limit <n>', 'rows', '50')
      .addHelpText('after', '\nExample:\n  $ reos property timeline 4f7c… --limit 10'),
  async ask({ api, output }, [text], options) {
    const path = { id: checkId(text) };
    const events = await collect(wholeNumber('--limit', options.limit), (query) =>
      take(api.GET('/api/v1/properties/{id}/timeline', { params: { path, query } })),
    );
    const shown = events.map((event) => ({ ...event, payload: JSON.stringify(event.payload) }));
    output.answer({ property_id: path.id, events }, table(shown, ['timestamp', 'event_type', 'payload']));
  },
};

/** `reos property export`: what the search finds, in a CSV file. */
export const propertyExport: ApiVerb = {
  describe: (command) =>
    withSearchOptions(
      command
        .description('Write everything that a search finds into a CSV file')
        .argument('[words...]', 'words as reos search takes them'),
    )
      .option('--sort <order>', `${SORTS.join(', ')} (default: none with filters alone)`)
      .option('--out <file>', 'the file', 'properties.csv')
      .addHelpText('after', '\nExample:\n  $ reos property export --county king-wa --min-score 60 --out best.csv'),
  async ask({ api, output }, words, options) {
    const q = words.join(' ').trim();
    const filter = await searchFilterOf(api, options);
    const sort = options.sort === undefined ? {} : { sort: sortOf(options.sort) };
    const query = { ...filter, ...sort, ...(q === '' ? {} : { q }) };
    const body = await take(api.GET('/api/v1/properties/export', { params: { query }, parseAs: 'stream' }));
    const file = resolve(String(options.out));
    const { rows, bytes } = await writeWhole(body as ReadableStream<Uint8Array>, file);
    output.answer({ file, rows, bytes }, `${rows} properties in ${file}`);
  },
};

/** Writes a CSV beside the file and puts it in its place at the end: one that was cut short replaces nothing. */
async function writeWhole(body: ReadableStream<Uint8Array>, file: string): Promise<{ rows: number; bytes: number }> {
  const partial = `${file}.part`;
  const seen = { lines: 0, bytes: 0 };
  let isQuoted = false;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen.bytes += chunk.length;
      // A line break in quotes is a cell's.
      for (const byte of chunk) {
        if (byte === 34) isQuoted = !isQuoted;
        else if (byte === 10 && !isQuoted) seen.lines += 1;
      }
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body), count, createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new ReosError('conflict', `${file} could not be written whole: ${messageOf(cause)}. Export again.`, {
      cause,
    });
  }
  return { rows: Math.max(0, seen.lines - 1), bytes: seen.bytes };
}
