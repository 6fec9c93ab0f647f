import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { MemoOutline } from '../../domain/memo/input.ts';

/** County and state as the memo's map draws them. */
export interface MemoOutlines {
  state: MemoOutline;
  county: MemoOutline;
}

type Atlas = Topology<{
  counties: GeometryCollection<{ name: string }>;
  states: GeometryCollection<{ name: string }>;
}>;

let reading: Promise<Atlas> | undefined;
const known = new Map<string, MemoOutlines | null>();

/**
 * The outlines of a county and of its state, from the us-atlas package (US Census Bureau, 1:10,000,000). Read once per
 * process.
 * @param countyFips five digits, such as `53033`
 * @returns null for a county that the atlas does not have
 */
export async function readOutlines(countyFips: string): Promise<MemoOutlines | null> {
  const before = known.get(countyFips);
  if (before !== undefined) return before;
  reading ??= readAtlas();
  const atlas = await reading.catch((error: unknown) => {
    reading = undefined;
    throw error;
  });
  const county = outlineOf(atlas, 'counties', countyFips);
  const state = outlineOf(atlas, 'states', countyFips.slice(0, 2));
  const found = county === null || state === null ? null : { county, state };
  known.set(countyFips, found);
  return found;
}

async function readAtlas(): Promise<Atlas> {
  const path = createRequire(import.meta.url).resolve('us-atlas/counties-10m.json');
  return JSON.parse(await readFile(path, 'utf8')) as Atlas;
}

function outlineOf(atlas: Atlas, kind: 'counties' | 'states', id: string): MemoOutline | null {
  const found = atlas.objects[kind].geometries.find((candidate) => String(candidate.id) === id);
  if (found === undefined) return null;
  const drawn = feature(atlas, { type: 'GeometryCollection', geometries: [found] }).features[0]?.geometry;
  const polygons =
    drawn?.type === 'Polygon' ? [drawn.coordinates] : drawn?.type === 'MultiPolygon' ? drawn.coordinates : [];
  // The first ring of a polygon is its outside; the rest are holes, which no county needs.
  const rings = polygons.map(([outer = []]) =>
    outer.flatMap(
      ([longitude, latitude]): Array<[number, number]> =>
        longitude === undefined || latitude === undefined ? [] : [[longitude, latitude]],
    ),
  );
  const { name } = { name: id, ...found.properties };
  return { name, rings };
}
