import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readCsvRows } from '../activities/discover/csv-rows.ts';
import { scanFile } from '../activities/discover/file-scan.ts';
import type { Recipes } from '../activities/discover/recipe-load.ts';
import { discover, kindOfFile } from '../activities/discover/registry.ts';
import type { DiscoverDeps } from '../activities/discover/source.ts';
import { normaliseApn } from '../domain/apn.ts';
import { ReosError } from '../domain/errors.ts';
import { distanceMeters } from '../domain/geo.ts';
import type { DiscoveredRecord } from '../domain/listing.ts';
import { seededRandom } from './sample.ts';

/** The rows that the demonstration takes from a file. */
export interface ChosenRows {
  /** The file with just those rows, in the layout of the one they came from. */
  path: string;
  /** Name of the file they came from. */
  sourceName: string;
  records: DiscoveredRecord[];
}

const CLUSTERS = 6;

/**
 * Chooses rows of distinct parcels, by seed: whole neighbourhoods (a house and the ones nearest to it), because a value
 * needs sales nearby. Writes them as a file of their own and leaves the original alone.
 * @throws ReosError `validation` when the file has no usable rows of the county
 */
export async function chooseRows(options: {
  file: string;
  count: number;
  seed: number;
  folder: string;
  countyFips: string;
  recipes: Recipes;
}): Promise<ChosenRows> {
  const { file, count, seed, folder, countyFips, recipes } = options;
  const found = new Map<string, { record: DiscoveredRecord; line: number }>();
  const request = { path: file, recipes, countyFips };
  for await (const item of discover(NO_DEPS, kindOfFile(file) === 'json_file' ? 'json_file' : 'csv_file', request)) {
    if (item.type !== 'record') continue;
    const apn = normaliseApn(item.record.ParcelNumber, countyFips);
    if (apn === null || item.record.Latitude === null || item.record.Longitude === null) continue;
    const line = Number(/:(\d+)$/.exec(item.rowReference)?.[1]);
    if (!found.has(apn)) found.set(apn, { record: item.record, line });
  }
  if (found.size === 0) {
    throw new ReosError(
      'validation',
      `${file} has no rows with a parcel number and coordinates in county ${countyFips}. The demonstration needs them; reos import takes any file.`,
    );
  }
  const chosen = neighbourhoods([...found.values()], count, seed).sort((a, b) => a.line - b.line);
  const records = chosen.map(({ record }) => record);
  await mkdir(folder, { recursive: true });
  const path = join(
    folder,
    `${basename(file).replace(/\.[^.]+$/, '')}-${chosen.length}.${kindOfFile(file) === 'json_file' ? 'jsonl' : 'csv'}`,
  );
  await writeFile(
    path,
    kindOfFile(file) === 'json_file'
      ? jsonLines(records)
      : await pickRows(
          file,
          chosen.map(({ line }) => line),
        ),
  );
  return { path, sourceName: basename(file), records };
}

function neighbourhoods<T extends { record: DiscoveredRecord }>(rows: T[], count: number, seed: number): T[] {
  const random = seededRandom(seed);
  const left = new Set(rows);
  const chosen: T[] = [];
  const perCluster = Math.ceil(count / CLUSTERS);
  while (chosen.length < count && left.size > 0) {
    const pool = [...left];
    const centre = placeOf(pool[Math.floor(random() * pool.length)]!);
    const nearest = pool
      .map((row) => ({ row, metres: distanceMeters(centre, placeOf(row)) }))
      .sort((a, b) => a.metres - b.metres)
      .slice(0, Math.min(perCluster, count - chosen.length));
    for (const { row } of nearest) {
      chosen.push(row);
      left.delete(row);
    }
  }
  return chosen;
}

function placeOf({ record }: { record: DiscoveredRecord }) {
  return { latitude: record.Latitude!, longitude: record.Longitude! };
}

/** The header and the rows that start on the given lines, as they stand in the file, in UTF-8. */
async function pickRows(file: string, lines: readonly number[]): Promise<string> {
  const name = basename(file);
  const wanted = new Set(lines);
  const kept: string[] = [];
  for await (const { line, raw } of readCsvRows(file, name, await scanFile(file, name))) {
    if (kept.length === 0 || wanted.has(line)) kept.push(raw.replace(/[\r\n]+$/, ''));
  }
  return `${kept.join('\n')}\n`;
}

/** One object a line, of what is known: a key without a value would change what the file is taken for. */
function jsonLines(records: readonly DiscoveredRecord[]): string {
  return records
    .map(({ extras: _extras, source: _source, record_kind: _kind, source_id: id, ...fields }) => {
      const known = Object.entries(fields).filter(([, value]) => value !== null && !Array.isArray(value));
      return `${JSON.stringify({ id, ...Object.fromEntries(known) })}\n`;
    })
    .join('');
}

/** Reading a file needs nothing from outside; anything that tries is a mistake. */
const NO_DEPS: DiscoverDeps = {
  http: {
    fetch: () => {
      throw new ReosError('conflict', 'Reading a file must not make requests.');
    },
  },
  clock: () => new Date(),
  userAgent: 'RealEstateOS/0.1',
  savePage: () => {
    throw new ReosError('conflict', 'Reading a table must not save pages.');
  },
};
