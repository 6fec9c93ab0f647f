import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';
import { COMMENT_COLUMNS, type Comment } from './comments.ts';
import { microsOf, type TimePlace } from './time-place.ts';

/** What people write, by where: comments and notes on properties, and what assignments say. */
export const NOTE_KINDS = ['comment', 'note', 'assignment'] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

/** What is looked for: words in the manner of a web search ("a phrase", -without). */
export interface NoteSearch {
  words: string;
  kinds: readonly NoteKind[];
  limit: number;
  after: TimePlace | undefined;
}

/** Something that a person wrote, as a search finds it. */
export interface FoundNote {
  kind: NoteKind;
  id: string;
  propertyId: string;
  /** Whom the property is assigned to; null for comments and notes. */
  userId: string | null;
  /** Who wrote it; for an assignment, whom it is for. */
  name: string;
  /** The words with what stands around them. */
  text: string;
  at: Date;
  micros: number;
}

/** Ids of what fits, by the index over the words. */
function foundIds({ words, kinds, limit, after }: NoteSearch) {
  const at =
    after === undefined ? sql`null` : sql`timestamptz 'epoch' + ${after.micros}::float8 * interval '1 microsecond'`;
  return sql`find_note_ids(${words}::text, ${[...kinds]}::text[], ${at}, ${after?.id ?? null}::uuid, ${limit}::int)`;
}

/** Comments and notes with all the words, newest first. */
export async function searchComments(
  trx: TenantTrx,
  search: Omit<NoteSearch, 'kinds'>,
): Promise<(Comment & { micros: number })[]> {
  return trx.db
    .selectFrom('comments as c')
    .select([...COMMENT_COLUMNS, microsOf('c.createdAt').as('micros')])
    .where('c.tenantId', '=', trx.tenantId)
    .where(sql<boolean>`c.id in (select f.id from ${foundIds({ ...search, kinds: ['comment', 'note'] })} f)`)
    .orderBy('c.createdAt', 'desc')
    .orderBy('c.id', 'desc')
    .execute();
}

/** What people wrote with all the words, newest first. */
export async function searchNotes(trx: TenantTrx, search: NoteSearch): Promise<FoundNote[]> {
  const { rows } = await sql<FoundNote>`
    select f.kind, f.id, f.property_id, f.user_id, f.at, (extract(epoch from f.at) * 1000000)::float8 as micros,
      coalesce(c.author_name, u.name, '') as name,
      ts_headline('english', coalesce(c.body, a.note), websearch_to_tsquery('english', ${search.words}),
        'StartSel="", StopSel="", MaxWords=40, MinWords=20') as text
    from ${foundIds(search)} f
      left join comments c on c.tenant_id = ${trx.tenantId} and c.id = f.id and f.kind <> 'assignment'
      left join assignments a on a.tenant_id = ${trx.tenantId} and a.property_id = f.property_id and a.user_id = f.user_id
      left join user_accounts u on u.tenant_id = ${trx.tenantId} and u.id = f.user_id
    order by f.at desc, f.id desc`.execute(trx.db);
  return rows;
}
