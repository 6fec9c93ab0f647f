/** A named place that the simulator knows: towns and quarters with their ZIP code and middle. */
export interface Place {
  city: string;
  zip: string;
  latitude: number;
  longitude: number;
  countyFips: string;
}

/** A county in which simulated tracts lie. Tract numbers count cells from its south-west corner. */
export interface SimulatedCounty {
  fips: string;
  name: string;
  state: string;
  stateName: string;
  south: number;
  west: number;
  /** Around which simulated home values move, in US dollars. */
  homeValue: number;
}

export const COUNTIES: readonly SimulatedCounty[] = [
  { fips: '53033', name: 'King', state: 'WA', stateName: 'Washington', south: 47.0, west: -122.6, homeValue: 450_000 },
  { fips: '17031', name: 'Cook', state: 'IL', stateName: 'Illinois', south: 41.4, west: -88.3, homeValue: 290_000 },
  { fips: '04013', name: 'Maricopa', state: 'AZ', stateName: 'Arizona', south: 32.5, west: -113.4, homeValue: 370_000 },
  {
    fips: '06073',
    name: 'San Diego',
    state: 'CA',
    stateName: 'California',
    south: 32.5,
    west: -117.7,
    homeValue: 700_000,
  },
  {
    fips: '06059',
    name: 'Orange',
    state: 'CA',
    stateName: 'California',
    south: 33.3,
    west: -118.2,
    homeValue: 820_000,
  },
  { fips: '48201', name: 'Harris', state: 'TX', stateName: 'Texas', south: 29.4, west: -96.0, homeValue: 235_000 },
  { fips: '48453', name: 'Travis', state: 'TX', stateName: 'Texas', south: 30.0, west: -98.2, homeValue: 450_000 },
  { fips: '32003', name: 'Clark', state: 'NV', stateName: 'Nevada', south: 35.0, west: -115.9, homeValue: 360_000 },
  {
    fips: '12086',
    name: 'Miami-Dade',
    state: 'FL',
    stateName: 'Florida',
    south: 25.1,
    west: -80.9,
    homeValue: 385_000,
  },
];

const inCounty = (countyFips: string, rows: readonly (readonly [string, string, number, number])[]): Place[] =>
  rows.map(([city, zip, latitude, longitude]) => ({ city, zip, latitude, longitude, countyFips }));

export const PLACES: readonly Place[] = [
  ...inCounty('53033', [
    ['SEATTLE', '98104', 47.603, -122.33],
    ['SEATTLE', '98103', 47.672, -122.343],
    ['SEATTLE', '98107', 47.669, -122.376],
    ['SEATTLE', '98115', 47.685, -122.298],
    ['SEATTLE', '98125', 47.717, -122.302],
    ['SEATTLE', '98112', 47.63, -122.297],
    ['SEATTLE', '98144', 47.585, -122.299],
    ['SEATTLE', '98118', 47.542, -122.276],
    ['SEATTLE', '98116', 47.572, -122.393],
    ['SEATTLE', '98106', 47.533, -122.356],
    ['SEATTLE', '98178', 47.498, -122.248],
    ['SHORELINE', '98133', 47.74, -122.343],
    ['KENMORE', '98028', 47.754, -122.246],
    ['BOTHELL', '98011', 47.754, -122.203],
    ['WOODINVILLE', '98072', 47.754, -122.135],
    ['DUVALL', '98019', 47.737, -121.96],
    ['KIRKLAND', '98033', 47.677, -122.19],
    ['REDMOND', '98052', 47.68, -122.12],
    ['BELLEVUE', '98004', 47.617, -122.206],
    ['BELLEVUE', '98006', 47.557, -122.15],
    ['MERCER ISLAND', '98040', 47.561, -122.226],
    ['SAMMAMISH', '98074', 47.624, -122.043],
    ['ISSAQUAH', '98027', 47.52, -122.03],
    ['SNOQUALMIE', '98065', 47.53, -121.85],
    ['NORTH BEND', '98045', 47.48, -121.77],
    ['CARNATION', '98014', 47.66, -121.89],
    ['RENTON', '98056', 47.51, -122.185],
    ['RENTON', '98058', 47.445, -122.14],
    ['TUKWILA', '98168', 47.488, -122.3],
    ['BURIEN', '98166', 47.455, -122.352],
    ['SEATAC', '98188', 47.447, -122.275],
    ['DES MOINES', '98198', 47.393, -122.31],
    ['KENT', '98031', 47.403, -122.19],
    ['COVINGTON', '98042', 47.366, -122.11],
    ['MAPLE VALLEY', '98038', 47.375, -122.03],
    ['FEDERAL WAY', '98003', 47.31, -122.315],
    ['AUBURN', '98002', 47.308, -122.215],
    ['ENUMCLAW', '98022', 47.205, -121.99],
    ['VASHON', '98070', 47.42, -122.465],
  ]),
  ...inCounty('17031', [
    ['CHICAGO', '60608', 41.85, -87.67],
    ['CHICAGO', '60618', 41.947, -87.703],
    ['CHICAGO', '60647', 41.921, -87.702],
    ['CHICAGO', '60649', 41.762, -87.566],
    ['CHICAGO', '60653', 41.82, -87.61],
    ['EVANSTON', '60201', 42.054, -87.694],
    ['OAK PARK', '60302', 41.895, -87.79],
    ['CICERO', '60804', 41.84, -87.76],
    ['SCHAUMBURG', '60193', 42.015, -88.095],
    ['ORLAND PARK', '60462', 41.625, -87.845],
  ]),
  ...inCounty('04013', [
    ['PHOENIX', '85003', 33.451, -112.078],
    ['MESA', '85201', 33.432, -111.848],
    ['SCOTTSDALE', '85251', 33.494, -111.921],
  ]),
  ...inCounty('06073', [
    ['SAN DIEGO', '92104', 32.741, -117.128],
    ['OCEANSIDE', '92054', 33.2, -117.37],
    ['ESCONDIDO', '92025', 33.11, -117.07],
  ]),
  ...inCounty('06059', [
    ['SANTA ANA', '92701', 33.747, -117.86],
    ['ANAHEIM', '92804', 33.818, -117.975],
    ['IRVINE', '92604', 33.69, -117.79],
  ]),
  ...inCounty('48201', [
    ['HOUSTON', '77008', 29.799, -95.418],
    ['HOUSTON', '77004', 29.725, -95.363],
    ['PASADENA', '77502', 29.68, -95.2],
  ]),
  ...inCounty('48453', [
    ['AUSTIN', '78702', 30.264, -97.717],
    ['AUSTIN', '78744', 30.185, -97.73],
    ['PFLUGERVILLE', '78660', 30.44, -97.6],
  ]),
  ...inCounty('32003', [
    ['LAS VEGAS', '89104', 36.152, -115.109],
    ['HENDERSON', '89014', 36.06, -115.06],
    ['NORTH LAS VEGAS', '89031', 36.26, -115.17],
  ]),
  ...inCounty('12086', [
    ['MIAMI', '33135', 25.767, -80.235],
    ['HIALEAH', '33012', 25.866, -80.306],
    ['HOMESTEAD', '33030', 25.477, -80.484],
  ]),
];

const REACH_DEGREES = 1.2;

/** The nearest known place, or null where there is none within reach (the sea, another part of the country). */
export function placeAt(latitude: number, longitude: number): Place | null {
  const scale = Math.cos((latitude * Math.PI) / 180);
  let best: { place: Place; distance: number } | null = null;
  for (const place of PLACES) {
    const distance = Math.hypot(place.latitude - latitude, (place.longitude - longitude) * scale);
    if (distance <= REACH_DEGREES && (best === null || distance < best.distance)) best = { place, distance };
  }
  return best?.place ?? null;
}

export function countyOf(fips: string): SimulatedCounty | undefined {
  return COUNTIES.find((county) => county.fips === fips);
}

/** Size of a simulated tract, in degrees. */
const CELL_DEGREES = 0.02;

/** The 6-digit number of the tract at a point: row, column and 01, so that the place can be read back from the number. */
export function tractAt(county: SimulatedCounty, latitude: number, longitude: number): string {
  const cell = (offset: number) => Math.min(99, Math.max(0, Math.floor(offset / CELL_DEGREES)));
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${digits(cell(latitude - county.south))}${digits(cell(longitude - county.west))}01`;
}

/** The middle of a tract by its number. */
export function tractCentre(county: SimulatedCounty, tract: string): { latitude: number; longitude: number } {
  return {
    latitude: county.south + (Number(tract.slice(0, 2)) + 0.5) * CELL_DEGREES,
    longitude: county.west + (Number(tract.slice(2, 4)) + 0.5) * CELL_DEGREES,
  };
}
