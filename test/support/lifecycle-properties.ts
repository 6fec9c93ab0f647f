import { createHash } from 'node:crypto';
import type { LifecycleStart } from '../../src/activities/platform/lifecycle-starter.ts';
import { ingestRecords } from '../../src/db/queries/ingest.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { workflowIds } from '../../src/domain/ids.ts';
import { type DiscoveredRecordInput, recordSchema } from '../../src/domain/listing.ts';
import type { World } from './lifecycle-world.ts';

const FIPS = '53033';
const VALUE_PER_SQFT = 300;
const SQFT = 1_500;

/** What the asking price is to the neighbours' prices: decides how far the property comes. */
const ASKING_SHARE = { bargain: 0.55, fair: 0.93, dear: 1.3 } as const;

/** Far enough apart that no two properties share a provider's answer, near enough to be neighbours. */
const place = (index: number) => ({
  Latitude: 47.6 + (index % 20) * 0.0012,
  Longitude: -122.3 + Math.floor(index / 20) * 0.0016,
});

const house = (index: number) => ({
  ...place(index),
  ParcelNumber: String(9_100_000_000 + index),
  UnparsedAddress: `${100 + index} Sample St`,
  City: 'Seattle',
  StateOrProvince: 'WA',
  PostalCode: '98122',
  PropertyType: 'Residential',
  LivingArea: SQFT,
  LotSizeSquareFeet: 5_000,
  BedroomsTotal: 3,
  BathroomsTotalDecimal: 2,
  YearBuilt: 1960,
  CountyFips: FIPS,
});

let listed = 0;

/** Stores 30 invented sales of the last months, at one price per square foot give or take: what values rest on. */
export async function addNeighbours(world: World): Promise<void> {
  const now = Date.now();
  await ingest(
    world,
    Array.from({ length: 30 }, (_, index) => ({
      ...house(index),
      record_kind: 'sale' as const,
      source: 'sample-sales',
      source_id: `sale-${index}`,
      ClosePrice: Math.round(SQFT * VALUE_PER_SQFT * (0.97 + (index % 7) * 0.01)),
      CloseDate: new Date(now - (20 + index * 4) * 86_400_000).toISOString().slice(0, 10),
    })),
  );
}

/** Stores a house for sale among them and returns what its lifecycle starts with. */
export async function addListing(world: World, kind: keyof typeof ASKING_SHARE): Promise<LifecycleStart> {
  listed += 1;
  const index = 100 + listed;
  await ingest(world, [
    {
      ...house(index),
      record_kind: 'listing',
      source: 'sample-listings',
      source_id: `listing-${index}`,
      ListPrice: Math.round((SQFT * VALUE_PER_SQFT * ASKING_SHARE[kind]) / 1000) * 1000,
      ListingContractDate: new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10),
    },
  ]);
  const apn = house(index).ParcelNumber;
  const [row] = await world.query<{ id: string }>('select id from properties where tenant_id = $1 and apn = $2', [
    world.tenantId,
    apn,
  ]);
  return {
    tenantId: world.tenantId,
    propertyId: row!.id,
    county: 'king-wa',
    apn,
    source: 'sample-listings',
    summary: 'Seattle, WA',
  };
}

async function ingest(world: World, inputs: readonly DiscoveredRecordInput[]): Promise<void> {
  const records = inputs.map((input) => {
    const record = recordSchema.parse(input);
    const payloadHash = createHash('sha256').update(JSON.stringify(record)).digest('hex');
    return { record, rawRef: record.source_id, payloadHash, warnings: [], fetchedAt: new Date(), confidence: 0.9 };
  });
  await withTenant(world.db, world.tenantId, (trx) =>
    ingestRecords(trx, FIPS, '00000000-0000-4000-8000-000000000001', records),
  );
}

/** The property's row, as far as tests look at it. */
export async function readRow(world: World, propertyId: string) {
  const [row] = await world.query<{
    status: string;
    failed_stage: string | null;
    failure_reason: string | null;
    held_reason: string | null;
    is_paused: boolean;
    bird_dog_score: number | null;
    settled_at: Date | null;
  }>('select * from properties where id = $1', [propertyId]);
  return row!;
}

/** Types of the property's events, in the order of the log. */
export async function readEvents(world: World, propertyId: string): Promise<string[]> {
  const rows = await world.query<{ event_type: string }>(
    'select event_type from event_log where property_id = $1 order by position',
    [propertyId],
  );
  return rows.map((row) => row.event_type);
}

/** The handle of the property's newest run. */
export const handleOf = (world: World, { tenantId, propertyId }: LifecycleStart) =>
  world.temporal.client.workflow.getHandle(workflowIds.property(tenantId, propertyId));
