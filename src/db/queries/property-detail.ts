import { type Selectable, sql } from 'kysely';
import type { DB } from '../tables.ts';
import type { TenantTrx } from '../tenant.ts';
import { LIST_COLUMNS } from './property-list.ts';
import { explained, type ToExplain, weightsToExplain } from './score-explanation.ts';
import type { ExplainedScore } from './scores.ts';

/** What a property's detail shows, beside what lists show. What is only for the database stays there. */
const DETAIL_COLUMNS = [
  ...LIST_COLUMNS,
  'apn',
  'yearRenovated',
  'stories',
  'condition',
  'grade',
  'waterfront',
  'listDate',
  'listingUrl',
  'lastSalePriceCents',
  'lastSaleDate',
  'assessedValueCents',
  'taxAnnualCents',
  'taxYear',
  'ownerName',
  'publicRemarks',
  'floodZone',
  'floodRisk',
  'censusTract',
  'population',
  'medianIncomeCents',
  'medianHomeValueCents',
  'medianRentCents',
  'ownerOccupiedShare',
  'enrichmentSources',
  'fieldSources',
  'isPaused',
  'failedStage',
  'failureReason',
  'heldReason',
  'heldUntil',
  'settledAt',
  'createdAt',
] as const;
const DETAIL_LIST = sql.raw(
  DETAIL_COLUMNS.map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)).join(', '),
);

/** Whether the tenant has the property. */
export async function hasProperty(trx: TenantTrx, propertyId: string): Promise<boolean> {
  const row = await trx.db
    .selectFrom('properties')
    .select('id')
    .where('tenantId', '=', trx.tenantId)
    .where('id', '=', propertyId)
    .executeTakeFirst();
  return row !== undefined;
}

/** What the market's model last said the property is worth; undefined when no model has. */
export function readLatestValuation(trx: TenantTrx, propertyId: string) {
  return trx.db
    .selectFrom('valuations as v')
    .innerJoin('mlModels as m', (join) => join.onRef('m.tenantId', '=', 'v.tenantId').onRef('m.id', '=', 'v.modelId'))
    .select([
      'v.asOf',
      'v.valueCents',
      sql<number>`v.low_50_cents`.as('low50Cents'),
      sql<number>`v.high_50_cents`.as('high50Cents'),
      sql<number>`v.low_80_cents`.as('low80Cents'),
      sql<number>`v.high_80_cents`.as('high80Cents'),
      sql<number>`v.low_90_cents`.as('low90Cents'),
      sql<number>`v.high_90_cents`.as('high90Cents'),
      'v.confidence',
      'v.valuedAt',
      'm.version as modelVersion',
    ])
    .where('v.tenantId', '=', trx.tenantId)
    .where('v.propertyId', '=', propertyId)
    .where('v.isShadow', '=', false)
    .orderBy('v.asOf', 'desc')
    .orderBy('v.valuedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

type Json = Record<string, unknown> | null;
type Row = Pick<Selectable<DB['properties']>, Exclude<(typeof DETAIL_COLUMNS)[number], 'properties.id'> | 'id'>;
type Valuation = NonNullable<Awaited<ReturnType<typeof readLatestValuation>>>;

/** A property with its newest score, without the sales that it rests on, and its value. */
export interface PropertyDetail {
  row: Row;
  score: ExplainedScore | undefined;
  value: Valuation | undefined;
}

/** Everything about one property in one message to the database; undefined when the tenant has none of that id. */
export async function readPropertyDetail(trx: TenantTrx, propertyId: string): Promise<PropertyDetail | undefined> {
  // As text: it is asked more than anything else.
  const { rows } = await sql<Row & { newestScore: Json; newestValue: Json }>`
    select ${DETAIL_LIST},
      (select to_jsonb(s) - 'comparables' || jsonb_build_object('weights', ${weightsToExplain}) from property_scores s
        where s.tenant_id = properties.tenant_id and s.property_id = properties.id order by s.scored_at desc limit 1) as newest_score,
      (select jsonb_build_object('as_of', v.as_of, 'value_cents', v.value_cents,
          'low50_cents', v.low_50_cents, 'high50_cents', v.high_50_cents, 'low80_cents', v.low_80_cents,
          'high80_cents', v.high_80_cents, 'low90_cents', v.low_90_cents, 'high90_cents', v.high_90_cents,
          'confidence', v.confidence, 'valued_at', v.valued_at, 'model_version', m.version)
        from valuations v join ml_models m on m.tenant_id = v.tenant_id and m.id = v.model_id
        where v.tenant_id = properties.tenant_id and v.property_id = properties.id and not v.is_shadow
        order by v.as_of desc, v.valued_at desc limit 1) as newest_value
    from properties where tenant_id = ${trx.tenantId} and id = ${propertyId}`.execute(trx.db);
  const found = rows[0];
  if (found === undefined) return undefined;
  const { newestScore, newestValue, ...row } = found;
  return {
    row,
    score: newestScore === null ? undefined : explained(scoreFrom(newestScore)),
    value: newestValue === null ? undefined : (columnsOf(newestValue, 'valued_at') as Valuation),
  };
}

/** A score that came as JSON, as a query gives it: what it keeps as bytes. */
function scoreFrom(row: Record<string, unknown>): ExplainedScore & ToExplain {
  const score = columnsOf(row, 'scored_at');
  const hex = score['inputs'] as string | null;
  return { ...score, inputs: hex === null ? null : Buffer.from(hex.slice(2), 'hex') } as ExplainedScore & ToExplain;
}

/** A row that came as JSON, as a query gives it: names in camel case, its time a Date. */
function columnsOf(row: Record<string, unknown>, time: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      name === time ? new Date(value as string) : value,
    ]),
  );
}

/** What happened to a property, newest first, before a position. */
export function listPropertyEvents(
  trx: TenantTrx,
  propertyId: string,
  page: { limit: number; before: number | undefined },
) {
  return trx.db
    .selectFrom('eventLog')
    .select(['position', 'eventId', 'eventType', 'subject', 'timestamp', 'correlationId', 'payload', 'metadata'])
    .where('tenantId', '=', trx.tenantId)
    .where('propertyId', '=', propertyId)
    .$if(page.before !== undefined, (query) => query.where('position', '<', page.before!))
    .orderBy('position', 'desc')
    .limit(page.limit)
    .execute();
}

/** How many properties of each status the tenant has, with their scores' averages. */
export async function readPropertyStats(trx: TenantTrx) {
  return trx.db
    .selectFrom('properties')
    .select([
      'status',
      sql<number>`count(*)`.as('count'),
      sql<number>`count(*) filter (where needs_review)`.as('needsReview'),
      sql<number>`count(bird_dog_score)`.as('scored'),
      sql<number | null>`sum(bird_dog_score)`.as('scoreSum'),
      sql<number>`count(list_price_cents)`.as('priced'),
      sql<number | null>`sum(list_price_cents)::float8`.as('priceSumCents'),
      sql<Date | null>`max(updated_at)`.as('updatedAt'),
    ])
    .where('tenantId', '=', trx.tenantId)
    .groupBy('status')
    .orderBy('status')
    .execute();
}
