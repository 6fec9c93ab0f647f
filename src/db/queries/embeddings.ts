import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { cosine, fromBytes, signatureOf, toBytes } from '../../domain/similarity/embedding.ts';
import type { TenantTrx } from '../tenant.ts';
import { EXACT_COUNT, type PropertySearch, wantedOf } from './property-search.ts';

/** A property whose words have no vector of the model yet, or were other ones then. */
export interface Unembedded {
  id: string;
  text: string;
  contentHash: string;
}

/** Rows whose vectors are compared exactly, of those whose signatures are nearest. */
const COMPARED = 400;

/** What is said of a property, in words; null when it has no description. */
const TEXT = sql<string>`concat_ws('. ', p.public_remarks, p.property_type, p.bedrooms || ' bedrooms',
  p.sqft || ' square feet', 'built ' || p.year_built, p.city)`;

/** Properties with a description whose vector is missing or stale, in the order of their ids, after the given one. */
export async function listUnembedded(
  trx: TenantTrx,
  options: { model: string; after: string | null; limit: number },
): Promise<Unembedded[]> {
  const { rows } = await sql<Unembedded>`
    select * from (
      select p.id, left(${TEXT}, 4000) as text,
        encode(sha256(convert_to(left(${TEXT}, 4000), 'UTF8')), 'hex') as content_hash
      from properties p
      where p.tenant_id = ${trx.tenantId} and p.public_remarks is not null
        and (${options.after}::uuid is null or p.id > ${options.after}::uuid)) said
    where not exists (
      select from property_embeddings e where e.tenant_id = ${trx.tenantId} and e.property_id = said.id
        and e.model = ${options.model} and e.content_hash = said.content_hash)
    order by id limit ${options.limit}`.execute(trx.db);
  return rows;
}

/** Keeps vectors of properties that are still there, and what they cost (1e-6 USD) when they cost anything. */
export async function writeEmbeddings(
  trx: TenantTrx,
  made: {
    model: string;
    costMicros: number;
    at: Date;
    rows: readonly { id: string; contentHash: string; vector: Float32Array }[];
  },
): Promise<void> {
  const { model, rows, at, costMicros } = made;
  await sql`
    insert into property_embeddings (tenant_id, property_id, model, content_hash, signature, embedding, embedded_at)
    select ${trx.tenantId}, p.id, ${model}, r.hash, r.signature::bit(384), decode(r.bytes, 'hex'), ${at}
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ contentHash }) => contentHash)}::text[],
      ${rows.map(({ vector }) => signatureOf(vector))}::text[],
      ${rows.map(({ vector }) => toBytes(vector).toString('hex'))}::text[]) r(id, hash, signature, bytes)
    join properties p on p.tenant_id = ${trx.tenantId} and p.id = r.id
    on conflict (tenant_id, property_id) do update set model = excluded.model, content_hash = excluded.content_hash,
      signature = excluded.signature, embedding = excluded.embedding, embedded_at = excluded.embedded_at`.execute(
    trx.db,
  );
  if (costMicros === 0) return;
  await trx.db
    .insertInto('costLedger')
    .values({
      tenantId: trx.tenantId,
      id: randomUUID(),
      resource: 'embeddings',
      kind: 'model',
      propertyId: null,
      reference: model,
      costMicros,
      outcome: 'ok',
      at,
    })
    .execute();
}

/**
 * Of the first EXACT_COUNT properties that fit the search, those nearest in meaning: the signatures of all are compared,
 * then the vectors of the nearest 400.
 * @returns nearest first, with the cosine
 */
export async function findNearest(
  trx: TenantTrx,
  search: PropertySearch,
  question: { model: string; vector: Float32Array; limit: number },
): Promise<{ id: string; similarity: number }[]> {
  const { rows } = await sql<{ id: string; embedding: Buffer }>`
    select e.property_id as id, e.embedding
    from find_property_ids(${JSON.stringify(wantedOf(search))}::jsonb, 'none', null, null, ${EXACT_COUNT}::int) found(id)
    join property_embeddings e on e.tenant_id = ${trx.tenantId} and e.property_id = found.id and e.model = ${question.model}
    order by bit_count(e.signature # ${signatureOf(question.vector)}::bit(384)), e.property_id
    limit ${COMPARED}`.execute(trx.db);
  return rows
    .map(({ id, embedding }) => ({ id, similarity: cosine(question.vector, fromBytes(embedding)) }))
    .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1))
    .slice(0, question.limit);
}
