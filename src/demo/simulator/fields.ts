import { createHash } from 'node:crypto';
import { COUNTIES } from './places.ts';

/** A number in [0, 1) that depends on the text alone. */
export function chance(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/** A whole number from `low` to `high`, both possible, that depends on the text alone. */
export function pick(text: string, low: number, high: number): number {
  return low + Math.floor(chance(text) * (high - low + 1));
}

/** A hill (or hollow) of value: dollars at its top, falling off with `width` degrees. */
type Hill = readonly [latitude: number, longitude: number, width: number, dollars: number];
// Shaped after what is generally known of the county: dear by the lake and on the Eastside, cheaper in the south.
const KING_HILLS: readonly Hill[] = [
  [47.66, -122.34, 0.07, 250_000],
  [47.63, -122.29, 0.03, 220_000],
  [47.62, -122.21, 0.045, 480_000],
  [47.565, -122.225, 0.025, 330_000],
  [47.6, -122.04, 0.07, 290_000],
  [47.68, -122.15, 0.06, 230_000],
  [47.57, -122.4, 0.03, 150_000],
  [47.53, -121.87, 0.05, 160_000],
];
const KING_FLOOR = 255_000;
const LOWEST_VALUE = 250_000;
const HIGHEST_VALUE = 1_200_000;

/** The simulated median home value at a point, in US dollars: smooth in space, the same at every call. */
export function homeValueAt(countyFips: string, latitude: number, longitude: number): number {
  if (countyFips === '53033') {
    const hills = KING_HILLS.reduce((sum, [lat, lon, width, dollars]) => {
      const squared = (latitude - lat) ** 2 + ((longitude - lon) * 0.68) ** 2;
      return sum + dollars * Math.exp(-squared / (2 * width ** 2));
    }, KING_FLOOR);
    return Math.min(HIGHEST_VALUE, Math.max(LOWEST_VALUE, hills));
  }
  const middle = COUNTIES.find(({ fips }) => fips === countyFips)?.homeValue ?? 300_000;
  const wave = Math.sin(latitude * 31) * Math.cos(longitude * 23) + 0.5 * Math.sin(latitude * 67 + longitude * 41);
  return middle * (1 + 0.25 * wave);
}

/** The simulated median household income at a point, in US dollars: 55,000 to 160,000, following home values. */
export function incomeAt(countyFips: string, latitude: number, longitude: number): number {
  const value = homeValueAt(countyFips, latitude, longitude);
  const share = (value - LOWEST_VALUE) / (HIGHEST_VALUE - LOWEST_VALUE);
  return 55_000 + 105_000 * Math.min(1, Math.max(0, share)) ** 0.8;
}

/** One tract's simulated figures. */
export interface Demographics {
  income: number;
  homeValue: number;
  population: number;
  rent: number;
  occupied: number;
  ownerOccupied: number;
}

/** Figures for a tract or ZIP code area around a point; `key` adds its own small variation. */
export function demographicsAt(key: string, countyFips: string, latitude: number, longitude: number): Demographics {
  const vary = (name: string) => 0.96 + 0.08 * chance(`${key}:${name}`);
  const homeValue = Math.round((homeValueAt(countyFips, latitude, longitude) * vary('value')) / 100) * 100;
  const income = Math.round(incomeAt(countyFips, latitude, longitude) * vary('income'));
  const population = pick(`${key}:population`, 2200, 7200);
  const occupied = Math.round(population / (2.1 + 0.7 * chance(`${key}:household`)));
  return {
    income: Math.min(160_000, Math.max(55_000, income)),
    homeValue: Math.min(HIGHEST_VALUE, Math.max(countyFips === '53033' ? LOWEST_VALUE : 60_000, homeValue)),
    population,
    rent: Math.round((income * 0.24) / 12),
    occupied,
    ownerOccupied: Math.round(occupied * (0.38 + 0.45 * chance(`${key}:owner`))),
  };
}

/** A simulated flood zone, with FEMA's own words. */
export interface SimulatedFlood {
  zone: string;
  subtype: string | null;
  sfha: 'T' | 'F';
  elevationFeet: number;
}

const MINIMAL: SimulatedFlood = { zone: 'X', subtype: 'AREA OF MINIMAL FLOOD HAZARD', sfha: 'F', elevationFeet: -9999 };
const SHADED: SimulatedFlood = {
  zone: 'X',
  subtype: '0.2 PCT ANNUAL CHANCE FLOOD HAZARD',
  sfha: 'F',
  elevationFeet: -9999,
};
/** Valleys: south end, north end, longitude at each end. The floor of the valley floods. */
const VALLEYS: readonly (readonly [number, number, number, number])[] = [
  [47.28, 47.48, -122.21, -122.25],
  [47.52, 47.78, -121.85, -122.0],
  [47.6, 47.76, -122.115, -122.15],
];
const VALLEY_FLOOR_DEGREES = 0.006;
const VALLEY_EDGE_DEGREES = 0.012;

/** The simulated flood zone at a point: AE on valley floors, shaded X at their edges, else mostly minimal. */
export function floodAt(latitude: number, longitude: number): SimulatedFlood {
  for (const [south, north, westSouth, westNorth] of VALLEYS) {
    if (latitude < south || latitude > north) continue;
    const middle = westSouth + ((latitude - south) / (north - south)) * (westNorth - westSouth);
    const away = Math.abs(longitude - middle);
    if (away <= VALLEY_FLOOR_DEGREES)
      return { zone: 'AE', subtype: null, sfha: 'T', elevationFeet: Math.round(latitude) };
    if (away <= VALLEY_EDGE_DEGREES) return SHADED;
  }
  const luck = chance(`flood:${latitude.toFixed(2)},${longitude.toFixed(2)}`);
  if (luck < 0.015) return { zone: 'A', subtype: null, sfha: 'T', elevationFeet: -9999 };
  return luck < 0.05 ? SHADED : MINIMAL;
}
