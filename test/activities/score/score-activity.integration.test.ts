import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoActivities } from '../../../src/activities/memo/memo.ts';
import { computeScore, createScoreActivities } from '../../../src/activities/score/score.ts';
import { readProperty } from '../../../src/db/queries/properties.ts';
import { nearbySales } from '../../../src/db/queries/scores.ts';
import type { MemoInput } from '../../../src/domain/memo/input.ts';
import { asTenant, ingest, listing, newTenant, properties, sale } from '../../db/queries/records.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { benchDeps, fakeRenderer, runActivity } from '../platform/bench.ts';

let home: TestDatabase;
let t: TestDatabase;
beforeAll(async () => {
  home = await createTestDatabase();
});
afterAll(() => home.close());
beforeEach(async () => {
  t = await newTenant(home);
});

/** A neighbourhood of sold houses and one that is offered below them. */
async function neighbourhood(): Promise<string> {
  const sales = Array.from({ length: 40 }, (_, n) =>
    sale(String(4_000_000_000 + n), `2025-${String(6 + (n % 6)).padStart(2, '0')}-10`, 600_000 + n * 1_000, {
      Latitude: 47.68 + n * 0.0002,
      Longitude: -122.29,
      LivingArea: 1_800 + n,
      BedroomsTotal: 3,
      YearBuilt: 1960,
      PostalCode: '98115',
    }),
  );
  const offer = listing('offer', {
    UnparsedAddress: '7 Fir St',
    PostalCode: '98115',
    Latitude: 47.682,
    Longitude: -122.29,
    LivingArea: 1_820,
    BedroomsTotal: 3,
    YearBuilt: 1960,
    ListPrice: 420_000,
  });
  await ingest(t, [...sales, offer]);
  const id = (await properties(t)).find((row) => row.apn === null)!.id;
  await home.query(`update properties set status = 'enriched' where id = $1`, [id]);
  return id;
}

const clock = () => new Date('2026-01-15T00:00:00Z');
const score = (propertyId: string) =>
  runActivity(createScoreActivities(benchDeps(t, { clock })).scoreProperty, { tenantId: t.tenantId, propertyId });
const scores = () =>
  home.query<{ bird_dog_score: number; reasons: unknown[]; comparables: Array<{ closeDate: string }>; as_of: string }>(
    'select * from property_scores where tenant_id = $1 order by scored_at',
    [t.tenantId],
  );
const events = (type: string) =>
  home.query('select 1 from event_log where tenant_id = $1 and event_type = $2', [t.tenantId, type]);

describe('scoring a property', () => {
  it('writes row, reasons and event once for the same inputs', async () => {
    const id = await neighbourhood();
    expect(await score(id)).toMatchObject({ status: 'scored' });
    await score(id);
    const rows = await scores();
    expect(rows).toHaveLength(1);
    expect(rows[0]!.bird_dog_score).toBeGreaterThan(50);
    expect(rows[0]!.reasons.length).toBeGreaterThan(0);
    expect(await events('property.scored')).toHaveLength(1);
  });

  it('scores again after a new price, and clears the request', async () => {
    const id = await neighbourhood();
    await score(id);
    await ingest(t, [
      listing(
        'offer',
        { UnparsedAddress: '7 Fir St', PostalCode: '98115', Latitude: 47.682, Longitude: -122.29, ListPrice: 700_000 },
        { fetchedAt: new Date('2026-04-01T00:00:00Z') },
      ),
    ]);
    expect((await properties(t)).find((row) => row.id === id)!.rescore_requested_at).not.toBeNull();
    const state = await score(id);
    expect(state.rescoreRequested).toBe(false);
    const [first, second] = await scores();
    expect(second!.bird_dog_score).toBeLessThan(first!.bird_dog_score);
  });

  it('asks a person about a property of which little is known, and keeps a mark that stood before', async () => {
    await ingest(t, [listing('bare', { UnparsedAddress: '9 Elm St', PostalCode: '98101' })]);
    const id = (await properties(t))[0]!.id;
    await home.query(`update properties set status = 'enriched', needs_review = true where id = $1`, [id]);
    expect(await score(id)).toMatchObject({ needsReview: true });
  });

  it('compares only with sales before its date', async () => {
    const id = await neighbourhood();
    await asTenant(t, async (trx) => {
      const subject = await readProperty(trx, id);
      const found = await nearbySales(trx, subject, '2025-09-10');
      expect(found.length).toBeGreaterThan(0);
      expect(found.every(({ closeDate }) => closeDate < '2025-09-10')).toBe(true);
      const { result, comparables } = await computeScore(benchDeps(t, { clock }), trx, subject);
      expect(comparables.every(({ closeDate }) => closeDate < result.asOf)).toBe(true);
    });
  });

  it('finds the nearest houses by the index of places, under the role that row-level security binds', async () => {
    await home.query(
      `insert into properties (tenant_id, id, county_fips, status, latitude, longitude, sqft)
       select $1, gen_random_uuid(), '53033', 'ready', 47.3 + random() * 0.4, -122.4 + random() * 0.5, 1500 from generate_series(1, 20000)`,
      [t.tenantId],
    );
    await home.query('analyze properties');
    const plan = await asTenant(t, async (trx) => {
      const { rows } = await sql<{ 'QUERY PLAN': string }>`explain (analyze, timing off) select * from properties
        where tenant_id = ${t.tenantId} and latitude is not null and longitude is not null and sqft > 0
        order by point(longitude, latitude) <-> point(-122.29, 47.68) limit 400`.execute(trx.db);
      return rows.map((row) => Object.values(row)[0]).join('\n');
    });
    expect(plan).toContain('properties_by_place');
    expect(plan).not.toContain('Seq Scan');
  });
});

describe('writing the memo', () => {
  const memo = (propertyId: string, seen: MemoInput[] = [], deps = benchDeps(t, { renderMemo: fakeRenderer(seen) })) =>
    runActivity(createMemoActivities(deps).generateMemo, { tenantId: t.tenantId, propertyId });
  const packets = () =>
    home.query<{ path: string; sha256: string; bytes: number; pages: number; status: string }>(
      'select path, sha256, bytes, pages, status from action_packets where tenant_id = $1 order by created_at',
      [t.tenantId],
    );

  it('stores bytes that hash to what is recorded, once however often it is asked', async () => {
    const id = await neighbourhood();
    await score(id);
    const deps = benchDeps(t);
    expect(await memo(id, [], deps)).toMatchObject({ status: 'packet_ready', memoIsCurrent: true });
    await memo(id, [], deps);
    const [packet, ...others] = await packets();
    expect(others).toEqual([]);
    const bytes = (await deps.storage.get(packet!.path))!;
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(packet!.sha256);
    expect(packet).toMatchObject({ bytes: bytes.byteLength, pages: 4, status: 'generated' });
    expect(await events('memo.generated')).toHaveLength(1);
  });

  it('supersedes the memo of an older score', async () => {
    const id = await neighbourhood();
    await score(id);
    await memo(id);
    await home.query('update properties set list_price_cents = 39000000 where id = $1', [id]);
    expect(await score(id)).toMatchObject({ memoIsCurrent: false });
    expect(await memo(id)).toMatchObject({ memoIsCurrent: true });
    expect((await packets()).map(({ status }) => status)).toEqual(['superseded', 'generated']);
  });

  it('marks the figures that rest on simulated facts, and only those', async () => {
    const id = await neighbourhood();
    await home.query(
      `update properties set median_rent_cents = 220000, field_sources = field_sources ||
       '{"medianRentCents": {"source": "census-acs", "fetchedAt": "2026-01-01T00:00:00Z", "confidence": 0.9, "costMicros": 0, "simulated": true}}'
       where id = $1`,
      [id],
    );
    await score(id);
    const seen: MemoInput[] = [];
    await memo(id, seen);
    const marked = seen[0]!.financials.filter(({ simulated }) => simulated === true).map(({ code }) => code);
    expect(marked).toEqual(['monthly_rent', 'net_operating_income', 'cap_rate', 'cash_on_cash', 'debt_coverage']);
    expect(seen[0]!.financials).toHaveLength(14);
  });

  it('says what to run for a property without a score', async () => {
    const id = await neighbourhood();
    await expect(memo(id)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining('reos lifecycle rescore'),
    });
  });
});
