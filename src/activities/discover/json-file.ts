import { ReosError } from '../../domain/errors.ts';
import { type GeoPoint, isPlace, ringCentroid } from '../../domain/geo.ts';
import { mapColumns } from './column-mapping.ts';
import { brokenRow, type FileContext, fileName, rowItem, rowsDone, withCheckpoints } from './file-items.ts';
import { openText, scanFile } from './file-scan.ts';
import { normaliseHeader } from './header-words.ts';
import { type JsonElement, readJsonElements, readJsonLines } from './json-elements.ts';
import type { DiscoverDeps, DiscoveredItem, FileRequest, Source } from './source.ts';

/** Records as JSON: an array, an object with `items`/`data`/`results`/`value`/`features`, GeoJSON, or JSON lines. */
export const jsonFile: Source<'json_file'> = {
  kind: 'json_file',
  async *discover(deps: DiscoverDeps, request: FileRequest): AsyncGenerator<DiscoveredItem> {
    const file = fileName(request);
    const scan = await scanFile(request.path, file);
    if (scan.sample.trim() === '') throw refused(file, 1, 'the file is empty; it needs records.');
    const text = await openText(request.path, file, scan.encoding);
    const elements = isLines(scan.sample, file) ? readJsonLines(text, file) : readJsonElements(text, file);
    yield* withCheckpoints(elementItems(elements, request, file, deps.clock()), scan, rowsDone(request, scan));
  },
};

/** After this many records of which none fits, the file is not what it was taken for. */
const UNMAPPED_PATIENCE = 20;

const refused = (file: string, line: number, message: string) =>
  new ReosError('validation', `${file}:${line}: ${message}`, { details: { file, line } });

/** JSON lines: the first line is an object of its own, or the name says so. */
export function isLines(sample: string, file: string): boolean {
  if (/\.(jsonl|ndjson)(\.gz)?$/i.test(file)) return true;
  const first = sample.trimStart().split('\n')[0]?.trim() ?? '';
  if (!first.startsWith('{')) return false;
  const value = tryParse(first);
  return isObject(value) && !Object.values(value).some((part) => Array.isArray(part) && isObject(part[0]));
}

async function* elementItems(
  elements: AsyncIterable<JsonElement>,
  request: FileRequest,
  file: string,
  now: Date,
): AsyncGenerator<DiscoveredItem> {
  const contexts = new Map<string, FileContext>();
  let count = 0;
  let kind = request.recordKind;
  for await (const { text, line } of elements) {
    count += 1;
    const value = tryParse(text);
    if (!isObject(value)) {
      yield brokenRow(file, line, 'broken_json', 'the record is not a JSON object', text);
      continue;
    }
    const flat = flatten(isFeature(value) ? featureFields(value) : value);
    const headers = [...flat.keys()];
    const signature = headers.join('\n');
    // Records of one file may leave keys out; each set of keys is mapped once.
    let context = contexts.get(signature);
    if (context === undefined) {
      // All records of a file are of one kind: the first one's.
      const fixed = kind === undefined ? request : { ...request, recordKind: kind };
      const mapped = contextFor(headers, fixed, file, now, contexts.size === 0 && count >= UNMAPPED_PATIENCE);
      if (mapped === null) {
        yield brokenRow(file, line, 'unmapped', `the record lacks required fields; it has ${headers.join(', ')}`, text);
        continue;
      }
      context = mapped;
      kind = mapped.mapping.recordKind;
      if (contexts.size < 500) contexts.set(signature, context);
    }
    yield rowItem(new Map([...flat].map(([key, v]) => [normaliseHeader(key), v])), line, text, context);
  }
  if (count > 0 && contexts.size === 0) {
    throw refused(
      file,
      1,
      'no record has the fields that are needed; name them as RESO does, or add a recipe in config/recipes/files.',
    );
  }
  if (count === 0)
    throw refused(file, 1, 'no records found: expected an array of objects, GeoJSON, or one object per line.');
}

function contextFor(
  headers: string[],
  request: FileRequest,
  file: string,
  now: Date,
  giveUp: boolean,
): FileContext | null {
  try {
    return {
      file,
      contentType: 'application/json',
      mapping: mapColumns(headers, request, file),
      names: new Map(headers.map((header) => [normaliseHeader(header), header])),
      request,
      now,
    };
  } catch (error) {
    if (giveUp || !(error instanceof ReosError)) throw error;
    return null;
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type JsonObject = Record<string, unknown>;
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isFeature = (value: JsonObject) => value['type'] === 'Feature' && 'geometry' in value;

/** Nested objects become dotted keys, lists of plain values stay, lists of objects are kept as JSON text. */
export function flatten(value: JsonObject, prefix = '', out = new Map<string, unknown>()): Map<string, unknown> {
  for (const [key, part] of Object.entries(value)) {
    if (isObject(part)) flatten(part, `${prefix}${key}.`, out);
    else out.set(prefix + key, Array.isArray(part) && part.some(isObject) ? JSON.stringify(part) : part);
  }
  return out;
}

/** A GeoJSON feature's properties, with the point (or the parcel's centroid) as Latitude and Longitude. */
export function featureFields(feature: JsonObject): JsonObject {
  const properties = isObject(feature['properties']) ? feature['properties'] : {};
  const place = isObject(feature['geometry']) ? placeOf(feature['geometry']) : null;
  if (place === null || !isPlace(place.latitude, place.longitude)) return properties;
  return { ...properties, Latitude: place.latitude, Longitude: place.longitude };
}

function placeOf(geometry: JsonObject): GeoPoint | null {
  let ring = geometry['coordinates'];
  if (!Array.isArray(ring)) return null;
  if (typeof ring[0] === 'number') return { longitude: ring[0], latitude: Number(ring[1]) };
  while (Array.isArray(ring) && Array.isArray(ring[0]) && Array.isArray(ring[0][0])) ring = ring[0];
  return ringCentroid(ring as Array<[number, number]>);
}
