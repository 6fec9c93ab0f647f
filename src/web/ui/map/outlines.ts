import { type GeoPermissibleObjects, geoMercator, geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import countiesUrl from 'us-atlas/counties-10m.json?url';
import statesUrl from 'us-atlas/states-10m.json?url';
import { WORLD } from './view.ts';

type Atlas = Topology<Record<'counties' | 'states' | 'nation', GeometryCollection<{ name: string }>>>;

/** An outline in world coordinates, and the part of the world it is in. */
export interface Outline {
  path: Path2D;
  bounds: [[number, number], [number, number]];
}

/** The land, the borders between states, and (when they were asked for) the counties. */
export interface Outlines {
  land: Outline;
  borders: Outline;
  counties: Outline[];
}

let states: Promise<Outlines> | undefined;
let counties: Promise<Outline[]> | undefined;

/** Outlines of the states; they come with the dashboard's own files, and once. */
export function loadStates(): Promise<Outlines> {
  states ??= readAtlas(statesUrl)
    .then((atlas) => ({
      land: outlineOf(feature(atlas, atlas.objects.states)),
      borders: outlineOf(mesh(atlas, atlas.objects.states, (a, b) => a !== b)),
      counties: [],
    }))
    .catch((error: unknown) => {
      states = undefined;
      throw error;
    });
  return states;
}

/** Outlines of the counties: larger, so they are asked for when somebody looks closer. */
export function loadCounties(): Promise<Outline[]> {
  counties ??= readAtlas(countiesUrl)
    .then((atlas) => feature(atlas, atlas.objects.counties).features.map(outlineOf))
    .catch((error: unknown) => {
      counties = undefined;
      throw error;
    });
  return counties;
}

async function readAtlas(url: string): Promise<Atlas> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The map's outlines could not be loaded (${response.status}).`);
  return (await response.json()) as Atlas;
}

const projection = geoMercator()
  .scale(WORLD / (2 * Math.PI))
  .translate([WORLD / 2, WORLD / 2])
  .precision(0);
const draw = geoPath(projection);

function outlineOf(shape: GeoPermissibleObjects): Outline {
  // More digits than d3 writes by itself: at the closest view 0.001 of the world's 256 would be many houses.
  return { path: new Path2D(draw.digits(6)(shape) ?? ''), bounds: draw.bounds(shape) };
}
