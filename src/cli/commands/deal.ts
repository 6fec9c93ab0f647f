import { join } from 'node:path';
import { computeScore } from '../../activities/score/score.ts';
import { withAssumptionOverrides } from '../../config/assumption-overrides.ts';
import { loadScoringConfig } from '../../config/scoring.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { withTenant } from '../../db/tenant.ts';
import { analyseDeal, type DealAnalysis } from '../../domain/deal/analysis.ts';
import { ReosError } from '../../domain/errors.ts';
import { percent, usd } from '../../domain/scoring/feature.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { publicShape } from '../output.ts';
import { readOnlyValuer } from '../valuer.ts';
import { checkId } from './lifecycle.ts';

/** `reos deal ID`: the deal worked out at a price and under assumptions. */
export const deal: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  async run(context, [id], options) {
    const propertyId = checkId(id);
    const weights = loadScoringConfig(join(context.settings.configDir, 'scoring.yaml'));
    const pairs = (options.assume ?? []) as string[];
    const assumptions = withAssumptionOverrides(weights.assumptions, pairs);
    const asked = priceOf(options.price);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const counties = await system.counties();
      const valueProperty = readOnlyValuer(context, counties);
      const deps = { clock: () => new Date(), counties, scoring: { ...weights, assumptions }, valueProperty };
      const { input, result } = await withTenant(system.db, tenant.id, async (trx) =>
        computeScore(deps, trx, await readProperty(trx, propertyId)),
      );
      const priceCents = asked ?? result.referencePriceCents;
      const worked = analyseDeal(
        {
          facts: input.property,
          valueCents: result.estimatedValueCents,
          priceCents,
          priceKind: asked === null ? result.referencePriceKind : 'asking',
          asOf: result.asOf,
        },
        assumptions,
      );
      const object = {
        property_id: propertyId,
        ...publicShape({
          priceCents,
          priceKind: asked === null ? result.referencePriceKind : 'given',
          valueCents: result.estimatedValueCents,
          valueSource: result.valueSource,
          modelVersion: result.modelVersion,
          asOf: result.asOf,
          deal: worked,
          assumptions,
        }),
      };
      context.output.answer(object, dealText(priceCents, result.estimatedValueCents, worked));
    });
  },
};

function priceOf(value: unknown): number | null {
  if (value === undefined) return null;
  const dollars = Number(value);
  if (dollars > 0 && dollars <= 1e10) return Math.round(dollars * 100);
  throw new ReosError('validation', `--price: '${String(value)}' is not an amount of dollars above 0.`);
}

/** The deal as lines for a person. */
export function dealText(priceCents: number | null, valueCents: number | null, d: DealAnalysis): string {
  const money = (cents: number | null) => (cents === null ? 'not known' : usd(cents));
  const share = (ratio: number | null | undefined) => (ratio == null ? 'not known' : percent(ratio, 1));
  const times = (ratio: number | null | undefined) => (ratio == null ? 'not known' : ratio.toFixed(2));
  const left = d.brrrr?.isInfinite === true ? 'infinite (no cash left in)' : share(d.brrrr?.cashOnCash);
  return [
    `Price ${money(priceCents)}, value ${money(valueCents)}, after repair ${money(d.arvCents)}`,
    `Renovation  ${d.tier.replace('_', ' ')}, ${money(d.renovationCents)} (${d.tierBasis})`,
    `Offer       at most ${money(d.maxOfferCents)}`,
    `Flip        profit ${money(d.flipProfitCents)}, return ${share(d.flipRoi)}, a year ${share(d.flip?.annualizedRoi)}`,
    `Rental      rent ${money(d.rentMonthlyCents)} a month, NOI ${money(d.noiCents)} a year, cap rate ${share(d.capRate)}, cash on cash ${share(d.cashOnCash)}, DSCR ${times(d.debtServiceCoverage)}, GRM ${times(d.rental?.grossRentMultiplier)}`,
    `BRRRR       cash left in ${money(d.brrrr?.cashLeftInCents ?? null)}, refinance loan ${money(d.brrrr?.refinanceLoanCents ?? null)}, return ${left}`,
  ].join('\n');
}
