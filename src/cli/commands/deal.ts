import { ReosError } from '../../domain/errors.ts';
import { percent } from '../../domain/scoring/feature.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { usd } from '../money.ts';
import { checkId } from './lifecycle.ts';

/** A deal worked out, as the text needs it. Money in dollars, shares and ratios as numbers; null: not known. */
export interface Deal {
  tier: string;
  tier_basis: string;
  renovation: number | null;
  arv: number | null;
  max_offer: number | null;
  flip_profit: number | null;
  flip_roi: number | null;
  rent_monthly: number | null;
  noi: number | null;
  cap_rate: number | null;
  cash_on_cash: number | null;
  debt_service_coverage: number | null;
  flip: { annualized_roi: number | null } | null;
  rental: { gross_rent_multiplier: number | null } | null;
  brrrr: {
    cash_left_in: number | null;
    refinance_loan: number | null;
    cash_on_cash: number | null;
    is_infinite: boolean;
  } | null;
}

/** `reos deal ID`: the deal worked out at a price and under assumptions. */
export const deal: ApiVerb = {
  describe: (command) =>
    command
      .description('Work a deal out: renovation, maximum offer, flip, rental, BRRRR')
      .argument('<property>', 'property id')
      .option(
        '--price <dollars>',
        'bought at this price (default: asking price, else last sale carried forward, else assessed)',
      )
      .option('--assume <key=value...>', 'replace an assumption of config/scoring.yaml; may be given again')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos deal 4f7c… --price 315000 --assume renovation_usd_per_sqft.moderate=55',
      ),
  async ask({ api, output }, [text], options) {
    const price = priceOf(options.price);
    const body = {
      property_id: checkId(text),
      assumptions: assumptionsOf((options.assume ?? []) as string[]),
      facts: {},
      ...(price === null ? {} : { price }),
    };
    const worked = await take(api.POST('/api/v1/deals/calculate', { body }));
    output.answer(worked, dealText(worked.price, worked.value, worked.deal as unknown as Deal));
  },
};

function priceOf(value: unknown): number | null {
  if (value === undefined) return null;
  const dollars = Number(value);
  if (dollars > 0 && dollars <= 1e10) return Math.round(dollars * 100) / 100;
  throw new ReosError('validation', `--price: '${String(value)}' is not an amount of dollars above 0.`);
}

/** @throws ReosError `validation` for what is not `name=number`; which names there are is known to the server */
function assumptionsOf(pairs: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, number] = /^([a-z_.]{1,60})=(.+)$/.exec(pair) ?? [];
      if (name === undefined || number === undefined || !Number.isFinite(Number(number))) {
        throw new ReosError('validation', `--assume: '${pair}' is not name=number, such as selling_cost_share=0.06.`);
      }
      return [name, Number(number)];
    }),
  );
}

/** The deal as lines for a person; price and value in dollars. */
export function dealText(price: number | null, value: number | null, d: Deal): string {
  const money = (dollars: number | null) => usd(dollars, 'not known');
  const share = (ratio: number | null | undefined) => (ratio == null ? 'not known' : percent(ratio, 1));
  const times = (ratio: number | null | undefined) => (ratio == null ? 'not known' : ratio.toFixed(2));
  const left = d.brrrr?.is_infinite === true ? 'infinite (no cash left in)' : share(d.brrrr?.cash_on_cash);
  return [
    `Price ${money(price)}, value ${money(value)}, after repair ${money(d.arv)}`,
    `Renovation  ${d.tier.replace('_', ' ')}, ${money(d.renovation)} (${d.tier_basis})`,
    `Offer       at most ${money(d.max_offer)}`,
    `Flip        profit ${money(d.flip_profit)}, return ${share(d.flip_roi)}, a year ${share(d.flip?.annualized_roi)}`,
    `Rental      rent ${money(d.rent_monthly)} a month, NOI ${money(d.noi)} a year, cap rate ${share(d.cap_rate)}, cash on cash ${share(d.cash_on_cash)}, DSCR ${times(d.debt_service_coverage)}, GRM ${times(d.rental?.gross_rent_multiplier)}`,
    `BRRRR       cash left in ${money(d.brrrr?.cash_left_in ?? null)}, refinance loan ${money(d.brrrr?.refinance_loan ?? null)}, return ${left}`,
  ].join('\n');
}
