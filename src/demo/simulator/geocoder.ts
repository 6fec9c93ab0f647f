import type { SimulatedAnswer } from './answer.ts';
import { pick } from './fields.ts';
import type { ParcelBook } from './parcels.ts';
import { countyOf, PLACES, placeAt, tractAt } from './places.ts';

const BENCHMARK = {
  isDefault: true,
  benchmarkDescription: 'Public Address Ranges - Current Benchmark',
  id: '4',
  benchmarkName: 'Public_AR_Current',
};
const VINTAGE = {
  isDefault: true,
  id: '4',
  vintageName: 'Current_Current',
  vintageDescription: 'Current Vintage - Current Benchmark',
};

const signed = (value: number, whole: number) =>
  `${value < 0 ? '-' : '+'}${Math.abs(value)
    .toFixed(7)
    .padStart(whole + 8, '0')}`;

/** The keys that every entry of the geocoder's geographies has. */
function entity(geoid: string, name: string, mtfcc: string, latitude: number, longitude: number) {
  const centre = { CENTLAT: signed(latitude, 2), CENTLON: signed(longitude, 3) };
  return {
    OID: pick(`${geoid}:oid`, 10_000_000, 99_999_999),
    FUNCSTAT: 'S',
    AREAWATER: pick(`${geoid}:water`, 0, 90_000),
    NAME: name,
    BASENAME: name.replace(/^Census Tract |^Block | County$/, ''),
    MTFCC: mtfcc,
    GEOID: geoid,
    ...centre,
    INTPTLAT: centre.CENTLAT,
    INTPTLON: centre.CENTLON,
    AREALAND: pick(`${geoid}:land`, 900_000, 9_000_000),
    OBJECTID: pick(`${geoid}:object`, 1, 99_999),
  };
}

function geographiesAt(latitude: number, longitude: number): Record<string, unknown[]> {
  const place = placeAt(latitude, longitude);
  const county = place === null ? undefined : countyOf(place.countyFips);
  if (county === undefined) return { Counties: [], 'Census Tracts': [], '2020 Census Blocks': [], States: [] };
  const STATE = county.fips.slice(0, 2);
  const COUNTY = county.fips.slice(2);
  const TRACT = tractAt(county, latitude, longitude);
  const BLOCK = String(pick(`${latitude.toFixed(4)},${longitude.toFixed(4)}`, 1000, 3999));
  const tractName = `Census Tract ${Number(TRACT.slice(0, 4))}.${TRACT.slice(4)}`;
  return {
    Counties: [
      {
        ...entity(county.fips, `${county.name} County`, 'G4020', latitude, longitude),
        STATE,
        COUNTY,
        LSADC: '06',
        COUNTYCC: 'H1',
        COUNTYNS: String(pick(county.fips, 100_000, 999_999)).padStart(8, '0'),
      },
    ],
    'Census Tracts': [
      {
        ...entity(`${county.fips}${TRACT}`, tractName, 'G5020', latitude, longitude),
        STATE,
        COUNTY,
        TRACT,
        LSADC: 'CT',
      },
    ],
    '2020 Census Blocks': [
      {
        ...entity(`${county.fips}${TRACT}${BLOCK}`, `Block ${BLOCK}`, 'G5040', latitude, longitude),
        STATE,
        COUNTY,
        TRACT,
        BLOCK,
        BLKGRP: BLOCK.slice(0, 1),
        SUFFIX: '',
        LSADC: 'BK',
        LWBLKTYP: 'L',
      },
    ],
    States: [
      {
        ...entity(STATE, county.stateName, 'G4000', latitude, longitude),
        STATE,
        STUSAB: county.state,
        LSADC: '00',
        DIVISION: '9',
        REGION: '4',
        STATENS: String(pick(STATE, 1, 9_999_999)).padStart(8, '0'),
      },
    ],
  };
}

/** `/geographies/coordinates`: the places around a point. */
export function answerCoordinates(query: URLSearchParams): SimulatedAnswer {
  const x = Number(query.get('x'));
  const y = Number(query.get('y'));
  if (!query.get('x') || !query.get('y') || !Number.isFinite(x) || !Number.isFinite(y)) {
    return { status: 400, body: { errors: ['Specify a numeric x and y'], status: '400' } };
  }
  return {
    status: 200,
    body: {
      result: {
        input: { location: { x, y }, vintage: VINTAGE, benchmark: { ...BENCHMARK, isDefault: false } },
        geographies: geographiesAt(y, x),
      },
    },
  };
}

/** `/geographies/onelineaddress` and `/locations/onelineaddress`: matches of an address; none when it cannot be read. */
export function answerAddress(query: URLSearchParams, book: ParcelBook, withGeographies: boolean): SimulatedAnswer {
  const address = query.get('address') ?? '';
  if (address === '') return { status: 400, body: { errors: ['Address cannot be empty'], status: '400' } };
  const input = { address: { address }, benchmark: { ...BENCHMARK, isDefault: false } };
  const match = matchOf(address, book);
  const matches =
    match === null
      ? []
      : [withGeographies ? { ...match, geographies: geographiesAt(match.coordinates.y, match.coordinates.x) } : match];
  return {
    status: 200,
    body: { result: { input: withGeographies ? { ...input, vintage: VINTAGE } : input, addressMatches: matches } },
  };
}

function matchOf(address: string, book: ParcelBook) {
  const [street = '', ...rest] = address.split(',').map((part) => part.trim().toUpperCase());
  const tail = rest.join(' ');
  const zip = /\b(\d{5})(?:-\d{4})?$/.exec(tail)?.[1];
  const house = /^(\d+)\s+(.+)$/.exec(street);
  if (house === null) return null;
  const parcel = book.byAddress(street);
  const place =
    parcel?.place ??
    PLACES.find((each) => each.zip === zip) ??
    PLACES.find((each) => tail.includes(each.city) && tail.includes(stateOf(each.countyFips)));
  if (place === undefined) return null;
  const shift = (axis: string) => pick(`${street}:${axis}`, -80, 80) / 10_000;
  const at = parcel ?? {
    latitude: place.latitude + shift('lat'),
    longitude: place.longitude + shift('lon'),
    zip: zip ?? place.zip,
  };
  const number = Number(house[1]);
  const words = (house[2] ?? '').split(' ');
  const state = stateOf(place.countyFips);
  return {
    tigerLine: { side: number % 2 === 0 ? 'R' : 'L', tigerLineId: String(pick(street, 1_000_000, 9_999_999)) },
    coordinates: { x: at.longitude, y: at.latitude },
    addressComponents: {
      zip: at.zip,
      streetName: words.slice(0, -1).join(' ') || words.join(' '),
      preType: '',
      city: place.city,
      preDirection: '',
      suffixDirection: '',
      fromAddress: String(number - (number % 100)),
      state,
      suffixType: words.length > 1 ? words.at(-1) : '',
      toAddress: String(number - (number % 100) + 98),
      suffixQualifier: '',
      preQualifier: '',
    },
    matchedAddress: `${street}, ${place.city}, ${state}, ${at.zip}`,
  };
}

function stateOf(fips: string): string {
  return countyOf(fips)?.state ?? '';
}
