/** How prices rise over the ground around a house: d ln(price) per kilometre to the east and to the north. */
export interface PriceSlope {
  east: number;
  north: number;
}

/** Sales around a house, side by side: the first `count` of each. */
export interface WeighedPlaces {
  count: number;
  /** Kilometres east and north of the house. */
  east: Float64Array;
  north: Float64Array;
  /** Logarithm of the price, adjusted to the house in all but place. */
  logPrice: Float64Array;
  /** 0–1, not shares. */
  weight: Float64Array;
  /** Room to work in. */
  say: Float64Array;
}

/** Sales needed before a slope is believed. */
const MIN_SALES = 10;
/** What holds the slope to level ground, in square kilometres of weighted sales. Chosen like the other constants. */
const RIDGE = 0.1;
/** No sale counts for more than this beside the fit, and no price is moved by more than the second, both d ln(price). */
const OUTLIER = 0.25;
const MAX_MOVE = 0.2;
/**
 * Every part of a sum is a whole number of these units, and whole numbers below 2⁵³ add up exactly: the sums, and with
 * them the slope, do not depend on the order of the sales. A weight below half a unit (e⁻²⁵) is none.
 */
const UNITS = 2 ** 36;
/** The nearest whole number, of any below 2⁵¹: what is added leaves no room for a fraction. Faster than Math.round. */
const whole = (value: number): number => value + ROOM - ROOM;
const ROOM = 1.5 * 2 ** 52;
const LEVEL: PriceSlope = { east: 0, north: 0 };

/** Room for so many sales. */
export function createPlaces(capacity: number): WeighedPlaces {
  const space = () => new Float64Array(capacity);
  return { count: 0, east: space(), north: space(), logPrice: space(), weight: space(), say: space() };
}

/**
 * A weighted least-squares plane through the logarithms of prices, held towards level ground, fitted twice so that prices
 * far off the first one are pulled in. Level with fewer than ten sales.
 */
export function slopeOf(places: WeighedPlaces): PriceSlope {
  const { count, east, north, logPrice, weight, say } = places;
  if (count < MIN_SALES) return LEVEL;
  let total = 0;
  let sumEast = 0;
  let sumNorth = 0;
  let sumLog = 0;
  for (let i = 0; i < count; i += 1) {
    const own = whole(weight[i]! * UNITS);
    say[i] = own;
    total += own;
    sumEast += whole(own * east[i]!);
    sumNorth += whole(own * north[i]!);
    sumLog += whole(own * logPrice[i]!);
  }
  if (!(total > 0)) return LEVEL;
  const middle = { east: sumEast / total, north: sumNorth / total };
  let [ee, nn, en] = [0, 0, 0];
  for (let i = 0; i < count; i += 1) {
    const e = east[i]! - middle.east;
    const n = north[i]! - middle.north;
    ee += whole(say[i]! * e * e);
    nn += whole(say[i]! * n * n);
    en += whole(say[i]! * e * n);
  }
  ee = RIDGE + ee / UNITS;
  nn = RIDGE + nn / UNITS;
  en /= UNITS;
  const determinant = ee * nn - en * en;
  let slope = LEVEL;
  /** Height of the plane at the middle of the sales. */
  let height = sumLog / total;
  for (let round = 0; round < 2; round += 1) {
    let [sum, ey, ny] = [0, 0, 0];
    for (let i = 0; i < count; i += 1) {
      const e = east[i]! - middle.east;
      const n = north[i]! - middle.north;
      const expected = height + slope.east * e + slope.north * n;
      const bounded = expected + Math.max(-OUTLIER, Math.min(OUTLIER, logPrice[i]! - expected));
      sum += whole(say[i]! * bounded);
      // Distances from the middle sum to nothing: what every price shares falls out, whatever it is.
      ey += whole(say[i]! * e * (bounded - height));
      ny += whole(say[i]! * n * (bounded - height));
    }
    height = sum / total;
    slope = {
      east: ((ey / UNITS) * nn - (ny / UNITS) * en) / determinant,
      north: ((ny / UNITS) * ee - (ey / UNITS) * en) / determinant,
    };
  }
  return slope;
}

/** What a price so many kilometres east and north is moved by to come to the house, d ln(price). */
export function moveAlong(slope: PriceSlope, east: number, north: number): number {
  const move = -(slope.east * east + slope.north * north);
  return Number.isFinite(move) ? Math.max(-MAX_MOVE, Math.min(MAX_MOVE, move)) : 0;
}
