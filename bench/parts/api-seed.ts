import { createHash } from 'node:crypto';
import pg from 'pg';

/** The tenant that is asked about, and another one with a tenth as many properties. */
export const SEED_TENANT = '00000000-0000-4000-8000-000000000001';
const OTHER_TENANT = '00000000-0000-4000-8000-000000000002';

/** Beginnings of names; two of them make a street's. */
export const PREFIXES = 'North,Lake,Fair,Oak,Cedar,River,Stone,Maple,Spring,West,Glen,Bay'.split(',');
/** Ends of names. */
export const SUFFIXES = 'view,wood,field,ton,port,dale,haven,crest,brook,ford'.split(',');
/** Invented cities, the first the largest. City k has ZIP codes 98000 + 4k to 98003 + 4k, and lies at `cityAt(k)`. */
export const CITIES = SUFFIXES.flatMap((suffix) => PREFIXES.map((prefix) => `${prefix}${suffix}`));
/** Middle of a city, degrees; its houses lie within a tenth of a degree around it, most of them near. */
export const cityAt = (k: number) => ({
  latitude: 45.6 + ((k * 37) % 120) * 0.027,
  longitude: -124 + ((k * 53) % 120) * 0.055,
});
/** The FIPS code of a city's county: 39 counties. */
export const countyOf = (k: number) => String(53001 + (k % 39) * 2);
export const TYPES = ['Residential', 'Residential Lease', 'Residential Income', 'Land', 'Commercial Sale'];
/** Words of remarks, the first the most frequent. */
export const WORDS =
  'house,garden,kitchen,updated,garage,bedroom,light,quiet,view,roof,fenced,yard,deck,corner,lot,basement,fireplace,workshop,pool,orchard,creek,barn,sauna,greenhouse,cottage,vintage,panelled,dormer,cupola,gazebo,turret,belvedere'.split(
    ',',
  );

/** The id of the nth property, so that no list of them has to be carried about. */
export function idOf(n: number): string {
  const hex = createHash('md5').update(`p${n}`).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const list = (words: readonly string[]) => `array[${words.map((word) => `'${word}'`).join(',')}]`;
/** One of a list, the first ones more often. */
const pick = (words: readonly string[], skew = 2) =>
  `(${list(words)})[1 + floor(${words.length} * power(random(), ${skew}))::int]`;

const SOURCES = [
  'sqft',
  'bedrooms',
  'bathrooms',
  'yearBuilt',
  'lotSizeSqft',
  'assessedValueCents',
  'lastSalePriceCents',
  'floodZone',
]
  .map(
    (field) =>
      `"${field}": {"source": "county-assessor", "fetchedAt": "2026-06-01T00:00:00Z", "confidence": 0.9, "costMicros": 0, "simulated": false}`,
  )
  .join(', ');

/**
 * Fills a migrated, empty database set-based: indexes are taken off for the while and made again by their own definitions.
 * @param count properties of the first tenant
 * @param slim without scores, values, events and sources of fields: for tens of millions
 */
export async function seed(
  adminUrl: string,
  count: number,
  slim: boolean,
  tell: (words: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const started = performance.now();
  const step = async (what: string, text: string, values: unknown[] = []) => {
    await client.query(text, values);
    tell(`${Math.round((performance.now() - started) / 1000)} s: ${what}`);
  };
  try {
    await client.query(`set maintenance_work_mem = '1GB'; set synchronous_commit = off; select setseed(0.42)`);
    await client.query('begin');
    // Rows are made to fit each other: foreign keys are not asked for each.
    await client.query(`set session_replication_role = replica`);
    await client.query(
      `insert into tenants (id, slug, name, plan) values ($1, 'bench', 'Bench', 'enterprise'), ($2, 'other', 'Other', 'free')`,
      [SEED_TENANT, OTHER_TENANT],
    );
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
       where i.indrelid = any(array['properties', 'property_scores']::regclass[])
         and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
    );
    for (const { name } of indexes) await client.query(`drop index ${name}`);
    await step('properties', properties(slim), [SEED_TENANT, 1, count]);
    await step('properties of another tenant', properties(slim), [
      OTHER_TENANT,
      count + 1,
      count + Math.ceil(count / 10),
    ]);
    if (!slim) {
      await step('scores', SCORES);
      await step('values', VALUES, [SEED_TENANT]);
      await step('events', EVENTS);
    }
    for (const { name, definition } of indexes) await step(`index ${name}`, definition);
    await client.query(`set session_replication_role = origin`);
    await client.query('commit');
    await step('vacuumed', 'vacuum (analyze)');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

function properties(slim: boolean): string {
  const words = Array.from({ length: slim ? 4 : 16 }, () => pick(WORDS, 2.5)).join(` || ' ' || `);
  return `
    insert into properties (tenant_id, id, county_fips, status, apn, address, city, state, zip_code, latitude, longitude,
      property_type, bedrooms, bathrooms, sqft, lot_size_sqft, year_built, list_price_cents, list_date, assessed_value_cents,
      estimated_value_cents, owner_name, public_remarks, flood_zone, bird_dog_score, enrichment_sources, field_sources,
      created_at, updated_at)
    select $1, md5('p' || n)::uuid, (53001 + (k % 39) * 2)::text, status, lpad(n::text, 10, '0'),
      (100 + n % 9800) || ' ' || ${pick(PREFIXES, 1)} || lower(${pick(PREFIXES, 1)}) || ' ' || ${pick(['St', 'Ave', 'Rd', 'Ln', 'Ct'], 1)},
      (${list(CITIES)})[1 + k], 'WA', (98000 + k * 4 + n % 4)::text,
      45.6 + ((k * 37) % 120) * 0.027 + (random() + random() - 1) * 0.1, -124 + ((k * 53) % 120) * 0.055 + (random() + random() - 1) * 0.1,
      ${pick(TYPES, 3)}, 1 + floor(random() * 5), 1 + floor(random() * 3), sqft, 2000 + floor(random() * 20000), 1900 + (random() * 125)::int,
      case when n % 3 = 0 then (sqft * 30000 * (0.5 + random()))::bigint end, case when n % 3 = 0 then date '2026-01-01' + (random() * 170)::int end,
      (sqft * 25000 * (0.6 + random() * 0.8))::bigint, case when status <> 'new' then (sqft * 30000 * (0.6 + random() * 0.8))::bigint end,
      ${pick(SUFFIXES, 1)} || ' ' || ${pick(PREFIXES, 1)} || lower(${pick(SUFFIXES, 1)}), ${words}, 'X',
      case when status not in ('new', 'ready', 'enriched') then round((100 * (random() + random() + random()) / 3)::numeric, 2)::float8 end,
      ${slim ? `'{}', '{}'` : `array['county-assessor', 'census-acs'], '{${SOURCES}}'`}, now() - interval '30 days', now() - random() * interval '30 days'
    from (select n, floor(${CITIES.length} * power(random(), 2))::int as k, (600 + floor(random() * random() * 4400))::float8 as sqft,
        ${pick(['scored', 'scored', 'packet_ready', 'ready', 'enriched', 'contacted', 'new', 'engaged', 'closed', 'failed', 'suppressed'], 1.6)} as status
      from generate_series($2::int, $3::int) n offset 0) h`;
}

const PART = `{"name": "price_to_value", "weight": 0.3, "value": 0.62, "points": 18.6, "explanation": "Asked below what comparable houses brought"}`;
const SCORES = `
  insert into property_scores (tenant_id, property_id, bird_dog_score, investment_score, risk_score, roi_estimate, confidence,
    estimated_value_cents, value_low_cents, value_high_cents, as_of, score_components, reasons, features_used, comparables,
    weights_version, model_version, inputs_hash, scored_at)
  select tenant_id, id, bird_dog_score, bird_dog_score, 100 - bird_dog_score, 0.1, 0.8, estimated_value_cents, estimated_value_cents * 9 / 10,
    estimated_value_cents * 11 / 10, date '2026-06-01', '[${Array.from({ length: 6 }, () => PART).join(',')}]',
    '["Asked below what comparable houses brought", "Long on the market"]', '{"sqft": 1800, "bedrooms": 3, "year_built": 1978}',
    '[{"property_id": "00000000-0000-4000-8000-000000000000", "close_price": 500000, "distance_meters": 320, "weight": 0.4}]',
    '2026.1.1', 'weights', md5(id::text), updated_at
  from properties where bird_dog_score is not null`;
const VALUES = `
  with model as (insert into ml_models (tenant_id, kind, market, version, stage, metrics, hyperparameters, feature_names, data_fingerprint,
      data_rows, seed, code_version, artifact_path, artifact_sha256, artifact_bytes)
    values ($1, 'avm', 'king-wa', 'bench', 'champion', '{}', '{}', '{}', '', 0, 1, 'bench', 'bench', '', 0) returning id)
  insert into valuations (tenant_id, property_id, model_id, as_of, is_shadow, value_cents, low_50_cents, high_50_cents, low_80_cents,
    high_80_cents, low_90_cents, high_90_cents, confidence, raw_log)
  select p.tenant_id, p.id, model.id, date '2026-06-01', false, v, v, v, v, v, v, v, 0.8, 13
  from properties p, model, lateral (select coalesce(p.estimated_value_cents, 40000000) as v) e
  where p.tenant_id = $1 and p.list_price_cents is not null`;
const EVENTS = `
  insert into event_log (tenant_id, event_type, subject, correlation_id, property_id, payload)
  select tenant_id, 'property.scored', 'event.scoring.calculated', 'bench', id, jsonb_build_object('bird_dog_score', bird_dog_score)
  from properties where bird_dog_score is not null and year_built % 4 = 0`;
