import { dateOfDay, dayNumber } from '../../valuation/days.ts';
import { createRandom } from '../../valuation/random.ts';
import { drawAnomalies } from './anomalies.ts';
import { drawProfiles } from './profiles.ts';
import { drawMacro } from './season.ts';
import type { World, WorldOptions } from './shape.ts';
import { drawWeeks } from './weeks.ts';

/** Seeds of the parts, so that a market stays as it is when others are added. */
const PART = 7_919;

/**
 * An invented world of markets over weeks, the same for the same options: seasons, trends, holidays, a mortgage rate,
 * noise with memory, and known anomalies.
 * @throws RangeError when the last week is no Monday, or there is no market or week
 */
export function createWorld({ seed, lastWeek, weeks = 104, markets = 20, isQuiet = false }: WorldOptions): World {
  const last = dayNumber(lastWeek);
  // Day 0 was a Thursday.
  if (!((last + 3) % 7 === 0)) throw new RangeError(`The last week must start on a Monday; ${lastWeek} is none.`);
  if (!(weeks >= 1 && markets >= 1)) throw new RangeError('A world needs at least one market and one week.');
  const mondays = Array.from({ length: weeks }, (_, at) => dateOfDay(last - 7 * (weeks - 1 - at))!);
  const macro = drawMacro(createRandom(seed), mondays);
  const rates = macro.filter(({ series }) => series === 'mortgage_rate_30y').map(({ value }) => value);
  const profiles = drawProfiles(createRandom(seed + PART), markets);
  const truth = isQuiet
    ? []
    : profiles.flatMap(({ market }, at) =>
        drawAnomalies(createRandom(seed + PART * (2 + 2 * at)), market, at, mondays),
      );
  return {
    profiles,
    macro,
    truth,
    weeks: profiles.flatMap((profile, at) =>
      drawWeeks(
        createRandom(seed + PART * (3 + 2 * at)),
        profile,
        mondays,
        rates,
        truth.filter(({ market }) => market === profile.market),
      ),
    ),
  };
}
