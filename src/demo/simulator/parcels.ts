import { chance, homeValueAt, pick } from './fields.ts';
import { PLACES, type Place, placeAt } from './places.ts';

/** A parcel that the simulator shall know: its answers stay near these figures. */
export interface ParcelSeed {
  /** As the assessor writes it, without dashes. */
  pin: string;
  countyFips: string;
  latitude: number;
  longitude: number;
  zip?: string | null;
  /** US dollars near which the assessment lies, such as the last sale. */
  valueDollars?: number | null;
  address?: string | null;
  sqft?: number | null;
  lotSqft?: number | null;
  yearBuilt?: number | null;
  bedrooms?: number | null;
}

/** A parcel as the simulated assessors describe it. */
export interface SimulatedParcel {
  pin: string;
  place: Place;
  zip: string;
  latitude: number;
  longitude: number;
  address: string;
  landDollars: number;
  improvementDollars: number;
  sqft: number;
  lotSqft: number;
  yearBuilt: number;
  bedrooms: number;
}

const AVENUES = ['AVE', 'AVE', 'AVE', 'PL', 'CT'];
const STREETS = ['ST', 'ST', 'ST', 'PL', 'CT'];

function suffixOf(number: number): string {
  if (number % 100 >= 11 && number % 100 <= 13) return 'TH';
  return ['TH', 'ST', 'ND', 'RD'][number % 10] ?? 'TH';
}

/** A street address that depends on the PIN alone, in the manner of a grid of numbered streets. */
export function addressOf(pin: string): string {
  const number = pick(`${pin}:street`, 2, 198);
  const name = `${number}${suffixOf(number)}`;
  const quarter = ['N', 'NE', 'S', 'SE', 'SW', 'NW'][pick(`${pin}:quarter`, 0, 5)] ?? 'N';
  const house = pick(`${pin}:house`, 101, 29_999);
  return chance(`${pin}:way`) < 0.5
    ? `${house} ${name} ${AVENUES[pick(`${pin}:type`, 0, 4)]} ${quarter}`
    : `${house} ${quarter} ${name} ${STREETS[pick(`${pin}:type`, 0, 4)]}`;
}

/** Turns a seed into a full parcel; what the seed leaves open follows from its PIN and place. */
function fromSeed(seed: ParcelSeed, place: Place): SimulatedParcel {
  const value =
    seed.valueDollars ??
    homeValueAt(seed.countyFips, seed.latitude, seed.longitude) * (0.75 + 0.5 * chance(`${seed.pin}:value`));
  const appraised = value * (0.84 + 0.2 * chance(`${seed.pin}:appraisal`));
  const land = appraised * (0.35 + 0.2 * chance(`${seed.pin}:land`));
  const thousands = (dollars: number) => Math.max(1000, Math.round(dollars / 1000) * 1000);
  return {
    pin: seed.pin,
    place,
    zip: seed.zip ?? place.zip,
    latitude: seed.latitude,
    longitude: seed.longitude,
    address: seed.address ?? addressOf(seed.pin),
    landDollars: thousands(land),
    improvementDollars: thousands(appraised - land),
    sqft: seed.sqft ?? pick(`${seed.pin}:sqft`, 90, 320) * 10,
    lotSqft: seed.lotSqft ?? pick(`${seed.pin}:lot`, 30, 140) * 100,
    yearBuilt: seed.yearBuilt ?? pick(`${seed.pin}:year`, 1908, 2015),
    bedrooms: seed.bedrooms ?? pick(`${seed.pin}:beds`, 2, 5),
  };
}

/** Every parcel that can be asked for: the seeds as given, all others made up from the PIN or point. */
export interface ParcelBook {
  byPin(countyFips: string, pin: string): SimulatedParcel | null;
  byPoint(countyFips: string, latitude: number, longitude: number): SimulatedParcel | null;
  byAddress(line: string): SimulatedParcel | null;
}

const addressKey = (line: string) =>
  line
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();
/** A point this near a seed, in degrees (some 30 m), lies on its parcel. */
const ON_PARCEL_DEGREES = 0.0003;

/** Collects the seeds for look-up by PIN, point and address. */
export function openParcelBook(seeds: readonly ParcelSeed[]): ParcelBook {
  const parcels = new Map<string, SimulatedParcel>();
  const addresses = new Map<string, SimulatedParcel>();
  for (const seed of seeds) {
    const place = placeAt(seed.latitude, seed.longitude);
    if (place === null) continue;
    const parcel = fromSeed(seed, place);
    parcels.set(`${seed.countyFips}:${seed.pin}`, parcel);
    addresses.set(`${addressKey(parcel.address)}`, parcel);
  }
  const invent = (countyFips: string, pin: string, latitude: number, longitude: number) => {
    const place = placeAt(latitude, longitude);
    return place === null ? null : fromSeed({ pin, countyFips, latitude, longitude }, place);
  };
  return {
    byPin(countyFips, pin) {
      const known = parcels.get(`${countyFips}:${pin}`);
      if (known !== undefined) return known;
      const places = PLACES.filter((place) => place.countyFips === countyFips);
      const near = places[pick(`${pin}:place`, 0, places.length - 1)];
      if (near === undefined) return null;
      const shift = (axis: string) => (chance(`${pin}:${axis}`) - 0.5) * 0.02;
      return invent(countyFips, pin, near.latitude + shift('lat'), near.longitude + shift('lon'));
    },
    byPoint(countyFips, latitude, longitude) {
      for (const [key, parcel] of parcels) {
        if (!key.startsWith(`${countyFips}:`)) continue;
        const away = Math.max(Math.abs(parcel.latitude - latitude), Math.abs(parcel.longitude - longitude));
        if (away <= ON_PARCEL_DEGREES) return parcel;
      }
      const digits = String(Math.floor(chance(`${latitude.toFixed(4)},${longitude.toFixed(4)}`) * 1e10)).padStart(
        10,
        '0',
      );
      return invent(countyFips, countyFips === '17031' ? `${digits}0000` : digits, latitude, longitude);
    },
    byAddress: (line) => addresses.get(addressKey(line)) ?? null,
  };
}
