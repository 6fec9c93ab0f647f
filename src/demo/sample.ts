/** A small deterministic generator (mulberry32): the same seed gives the same numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** ZIP, latitude, longitude, typical dollars per square foot of 2014, typical year built. Places are real, houses are not. */
const AREAS: ReadonlyArray<readonly [string, number, number, number, number]> = [
  ['98115', 47.684, -122.297, 320, 1945],
  ['98118', 47.543, -122.276, 225, 1952],
  ['98133', 47.737, -122.343, 215, 1958],
  ['98042', 47.362, -122.117, 145, 1991],
  ['98023', 47.309, -122.362, 140, 1980],
  ['98052', 47.676, -122.118, 265, 1988],
];

const HEADER =
  'id,date,price,bedrooms,bathrooms,sqft_living,sqft_lot,floors,waterfront,view,condition,grade,sqft_above,sqft_basement,yr_built,yr_renovated,zipcode,lat,long,sqft_living15,sqft_lot15';

/**
 * An invented sales file in the layout of King County's: what the demonstration runs on where no real file is at hand.
 * Sizes, ages and prices spread as in a real market, some houses sold well below their neighbours.
 */
export function generateSample(rows = 600, seed = 20_141_101): string {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const lines = Array.from({ length: rows }, (_, index) => {
    const [zip, latitude, longitude, perSqft, year] = AREAS[index % AREAS.length]!;
    const sqft = Math.round(Math.min(5_200, Math.max(720, Math.exp(7.55 + 0.32 * normal()))) / 10) * 10;
    const lot = Math.round(Math.max(1_800, Math.exp(8.9 + 0.35 * normal())));
    const grade = Math.min(11, Math.max(5, Math.round(7 + (sqft - 1_900) / 900 + 0.6 * normal())));
    const condition = [3, 3, 3, 4, 4, 5, 2][Math.floor(random() * 7)]!;
    const built = Math.min(2014, Math.max(1905, Math.round(year + 12 * normal())));
    const size = (sqft / 1_900) ** -0.25;
    const distress = random() < 0.1 ? 0.6 + 0.2 * random() : 1;
    const price =
      perSqft * size * sqft * 1.09 ** (grade - 7) * 1.03 ** (condition - 3) * Math.exp(0.13 * normal()) * distress;
    const day = new Date(Date.UTC(2014, 4, 2) + Math.floor(random() * 330) * 86_400_000);
    const basement = random() < 0.35 ? Math.round((sqft * 0.3) / 10) * 10 : 0;
    const values = [
      String(9_000_000_000 + index * 97 + 10).padStart(10, '0'),
      `${day.toISOString().slice(0, 10).replaceAll('-', '')}T000000`,
      Math.round(price / 500) * 500,
      Math.min(6, Math.max(1, Math.round(sqft / 650 + 0.4 * normal()))),
      Math.max(1, Math.round((sqft / 900 + 0.3 * normal()) * 4) / 4),
      sqft,
      lot,
      sqft > 1_800 && built > 1970 ? 2 : 1,
      0,
      0,
      condition,
      grade,
      sqft - basement,
      basement,
      built,
      random() < 0.05 ? Math.max(built + 20, 1995) : 0,
      zip,
      (latitude + 0.012 * normal()).toFixed(4),
      (longitude + 0.016 * normal()).toFixed(3),
      sqft,
      lot,
    ];
    return values.join(',');
  });
  return `${[HEADER, ...lines].join('\n')}\n`;
}
