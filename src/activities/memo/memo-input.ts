import { readBranding, type TenantBranding } from '../../db/queries/branding.ts';
import { nearestSales } from '../../db/queries/comparables.ts';
import { saleSources } from '../../db/queries/packets.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { salesOfScore } from '../../db/queries/score-explanation.ts';
import { type ExplainedScore, latestScore } from '../../db/queries/scores.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { financialMetrics } from '../../domain/deal-math.ts';
import { ReosError } from '../../domain/errors.ts';
import type { MemoInput, ReferencePriceKind } from '../../domain/memo/input.ts';
import type { ComparableSale, Property } from '../../domain/property.ts';
import type { ActivityDeps } from '../deps.ts';
import type { PropertyIds } from '../platform/lifecycle.ts';
import { type ChosenTemplate, chooseTemplate, memoBrand } from './design.ts';
import { memoFinancials } from './financials.ts';
import { readOutlines } from './outlines.ts';

/** What the database gives to a memo, read at one moment. */
export interface MemoFacts extends ChosenTemplate {
  property: Property;
  score: ExplainedScore;
  comparables: MemoInput['comparables'];
  nearbySales: ComparableSale[];
  salesSources: string[];
  branding: TenantBranding;
}

/** Closed sales shown on the trend, at most, and how far back they go. */
const TREND_SALES = 160;
const TREND_MONTHS = 24;

/**
 * Reads everything a memo of the property's newest score is made of.
 * @throws ReosError `validation` when there is no score yet, `template` when the tenant's choice of template is wrong
 */
export async function readMemoFacts(trx: TenantTrx, { propertyId }: PropertyIds): Promise<MemoFacts> {
  const property = await readProperty(trx, propertyId);
  const score = await latestScore(trx, propertyId);
  if (score === undefined) {
    throw new ReosError(
      'validation',
      `Property ${propertyId} has no score to write a memo about. Run: reos lifecycle rescore ${propertyId}`,
    );
  }
  const { latitude, longitude } = property;
  const around =
    latitude === null || longitude === null
      ? []
      : await nearestSales(trx, { latitude, longitude }, score.asOf, { limit: TREND_SALES, monthsBack: TREND_MONTHS });
  const comparables = await salesOfScore(trx, score.id);
  const nearbySales = around.filter((sale) => sale.propertyId !== propertyId);
  const ids = [...comparables, ...nearbySales].map((sale) => sale.propertyId);
  const branding = await readBranding(trx);
  return {
    property,
    score,
    comparables,
    nearbySales,
    salesSources: await saleSources(trx, ids),
    branding,
    ...(await chooseTemplate(trx, branding, propertyId)),
  };
}

/** What the memo says, put together from the property, its score, its county and the tenant's design. */
export async function memoInput(
  deps: Pick<ActivityDeps, 'counties' | 'scoring' | 'storage'>,
  facts: MemoFacts,
  tenantName: string,
  images: readonly string[],
): Promise<MemoInput> {
  const { property, score, branding, template } = facts;
  const county = deps.counties.find(property.countyFips);
  const kind = score.referencePriceKind as ReferencePriceKind;
  const metrics = financialMetrics(
    {
      facts: property,
      valueCents: score.estimatedValueCents,
      priceCents: score.referencePriceCents,
      priceKind: kind,
      asOf: score.asOf,
    },
    deps.scoring.assumptions,
  );
  const outlines = await readOutlines(property.countyFips);
  return {
    property,
    county: {
      name: county.name,
      state: county.state,
      medianPriceCents: county.median_price.amount * 100,
      medianPriceSource: county.median_price.source,
      medianPriceYear: county.median_price.year,
    },
    score: {
      ...score,
      referencePriceKind: kind,
      components: score.scoreComponents as unknown as MemoInput['score']['components'],
      reasons: score.reasons as unknown as MemoInput['score']['reasons'],
      scoredAt: score.scoredAt.toISOString(),
    },
    comparables: facts.comparables,
    financials: memoFinancials(metrics, property, kind),
    nearbySales: facts.nearbySales,
    salesSources: facts.salesSources,
    outlines: outlines === null ? null : { ...outlines, county: { ...outlines.county, name: county.name } },
    tenant: {
      name: branding.companyName ?? tenantName,
      callToAction: { text: 'Reply to the message that brought this memo, and we talk about the next step.' },
      brand: await memoBrand(deps.storage, branding),
    },
    images,
    ...(template === undefined ? {} : { template }),
    generatedAt: score.scoredAt.toISOString(),
  };
}
