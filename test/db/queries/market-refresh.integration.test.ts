import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshWeeks } from '../../../src/db/queries/market-refresh.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { type Funnel, type Listing, naiveMetrics, type Offer } from './market-naive.ts';

let database: TestDatabase;
/** Each run has a tenant of its own. */
let tenantId: string;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
const refresh = async (limit?: number) => {
  let rounds = 0;
  while (rounds < 200) {
    const { marks } = await withTenant(database.db, tenantId, (trx) => refreshWeeks(trx, limit));
    if (marks === 0) return rounds;
    rounds += 1;
  }
  throw new Error('the refresh finds no end');
};

const addTenant = async () => {
  const [row] = await database.query<{ id: string }>(
    "insert into tenants (slug, name) values ('t-' || gen_random_uuid(), 'T') returning id",
  );
  return row!.id;
};

const addListing = (row: Listing) =>
  database.query(
    `insert into raw.mls_listings (tenant_id, listing_id, market, segment, list_price, sale_price, living_area_sqft,
       days_on_market, list_date, close_date) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (tenant_id, listing_id) do update set market = excluded.market, segment = excluded.segment,
       list_price = excluded.list_price, sale_price = excluded.sale_price, living_area_sqft = excluded.living_area_sqft,
       days_on_market = excluded.days_on_market, list_date = excluded.list_date, close_date = excluded.close_date`,
    [
      tenantId,
      row.id,
      row.market,
      row.segment,
      row.listPrice,
      row.salePrice,
      row.sqft,
      row.days,
      row.listed,
      row.closed,
    ],
  );
const addOffer = (row: Offer) =>
  database.query(
    `insert into raw.offer_events (tenant_id, event_id, property_ref, market, segment, offer_price, market_estimated_value,
       seller_accepted_offer, offered_at) values ($1, $2, 'P', $3, $4, $5, $6, $7, $8)
     on conflict (tenant_id, event_id) do update set market = excluded.market, segment = excluded.segment,
       offer_price = excluded.offer_price, market_estimated_value = excluded.market_estimated_value,
       seller_accepted_offer = excluded.seller_accepted_offer, offered_at = excluded.offered_at`,
    [tenantId, row.id, row.market, row.segment, row.price, row.value, row.accepted, row.at],
  );
const addFunnel = (row: Funnel) =>
  database.query(
    `insert into raw.funnel_activity (tenant_id, market, segment, week, lead_count, offer_count, accepted_offer_count, close_count)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (tenant_id, market, segment, week) do update set lead_count = excluded.lead_count,
       offer_count = excluded.offer_count, accepted_offer_count = excluded.accepted_offer_count, close_count = excluded.close_count`,
    [tenantId, row.market, row.segment, row.week, row.leads, row.offers, row.accepted, row.closes],
  );

const mart = async () =>
  (
    await database.query<Record<string, unknown>>(
      `select *, week::text as week from mart.market_metrics where tenant_id = $1 order by market, segment, mart.market_metrics.week`,
      [tenantId],
    )
  ).map(({ tenant_id, refreshed_at, grain, home_value_index, rent_index, ...row }) => row);

const place = { market: fc.constantFrom('Boise, ID', 'Reno, NV'), segment: fc.constantFrom('all', 'condo', 'house') };
const day = fc.integer({ min: 0, max: 60 }).map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));
const money = fc.integer({ min: 100_000, max: 900_000 });
const listing = fc.record({
  kind: fc.constant('listing' as const),
  id: fc.integer({ min: 1, max: 12 }).map((n) => `L${n}`),
  ...place,
  listPrice: fc.option(money),
  salePrice: fc.option(money),
  sqft: fc.option(fc.integer({ min: 500, max: 4_000 })),
  days: fc.option(fc.integer({ min: 0, max: 90 })),
  listed: fc.option(day),
  closed: fc.option(day),
});
const offer = fc.record({
  kind: fc.constant('offer' as const),
  id: fc.integer({ min: 1, max: 20 }).map((n) => `O${n}`),
  ...place,
  price: money,
  value: fc.option(money),
  accepted: fc.option(fc.boolean()),
  at: fc
    .tuple(day, fc.constantFrom('00:00:00.000', '12:30:00.000', '23:59:59.999'))
    .map(([d, time]) => `${d}T${time}Z`),
});
const funnel = fc.record({
  kind: fc.constant('funnel' as const),
  ...place,
  week: fc.constantFrom('2026-01-05', '2026-01-12', '2026-01-19'),
  leads: fc.nat(50),
  offers: fc.nat(20),
  accepted: fc.nat(10),
  closes: fc.nat(5),
});

describe('the mart against its raw rows', () => {
  it('equals a plain recomputation, for any rows in any order, changed, doubled and refreshed at any time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(listing, offer, funnel, fc.constant({ kind: 'refresh' as const })), {
          minLength: 1,
          maxLength: 25,
        }),
        fc.integer({ min: 8, max: 60 }),
        async (steps, limit) => {
          tenantId = await addTenant();
          const rows = {
            listings: new Map<string, Listing>(),
            offers: new Map<string, Offer>(),
            funnel: new Map<string, Funnel>(),
          };
          for (const step of steps) {
            if (step.kind === 'refresh') await refresh(limit);
            else if (step.kind === 'listing') {
              const closed =
                step.listed !== null && step.closed !== null && step.closed < step.listed ? null : step.closed;
              await addListing({ ...step, closed });
              rows.listings.set(step.id, { ...step, closed });
            } else if (step.kind === 'offer') {
              await addOffer(step);
              rows.offers.set(step.id, step);
            } else {
              await addFunnel(step);
              rows.funnel.set(`${step.market} ${step.segment} ${step.week}`, step);
            }
          }
          await refresh(limit);
          const want = naiveMetrics([...rows.listings.values()], [...rows.offers.values()], [...rows.funnel.values()]);
          const got = await mart();
          expect(got.map(({ market, segment, week }) => `${market} ${segment} ${week}`)).toEqual(
            want.map(({ market, segment, week }) => `${market} ${segment} ${week}`),
          );
          for (const [index, row] of got.entries()) {
            for (const [name, value] of Object.entries(want[index]!)) {
              if (typeof value === 'number')
                expect(row[name], `${name} of ${JSON.stringify(row)}`).toBeCloseTo(value, 6);
              else expect(row[name], `${name} of ${JSON.stringify(row)}`).toEqual(value);
            }
          }
        },
      ),
      { numRuns: 15 },
    );
  });
});
