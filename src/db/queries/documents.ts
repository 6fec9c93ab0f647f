import type { TenantTrx } from '../tenant.ts';
import { isAfter, microsOf, type TimePlace } from './time-place.ts';

/** A memo as lists show it. */
export interface DocumentRow {
  id: string;
  propertyId: string;
  kind: string;
  status: string;
  path: string;
  sha256: string;
  bytes: number;
  pages: number;
  templateVersion: string;
  variant: string | null;
  createdAt: Date;
  /** Of the score that it tells of; null when that is gone. */
  birdDogScore: number | null;
  scoredAt: Date | null;
}

const COLUMNS = [
  'a.id',
  'a.propertyId',
  'a.kind',
  'a.status',
  'a.path',
  'a.sha256',
  'a.bytes',
  'a.pages',
  'a.templateVersion',
  'a.variant',
  'a.createdAt',
  's.birdDogScore',
  's.scoredAt',
] as const;

/** Memos, the newest first. */
export function listDocuments(
  trx: TenantTrx,
  filter: { propertyId?: string | undefined; status?: string | undefined; limit: number; after: TimePlace | undefined },
): Promise<Array<DocumentRow & { micros: number }>> {
  return trx.db
    .selectFrom('actionPackets as a')
    .leftJoin('propertyScores as s', (join) =>
      join.onRef('s.tenantId', '=', 'a.tenantId').onRef('s.id', '=', 'a.scoreId'),
    )
    .select([...COLUMNS, microsOf('a.createdAt').as('micros')])
    .where('a.tenantId', '=', trx.tenantId)
    .$if(filter.propertyId !== undefined, (query) => query.where('a.propertyId', '=', filter.propertyId!))
    .$if(filter.status !== undefined, (query) => query.where('a.status', '=', filter.status!))
    .$if(filter.after !== undefined, (query) => query.where(isAfter('a.createdAt', 'a.id', filter.after!, 'desc')))
    .orderBy('a.createdAt', 'desc')
    .orderBy('a.id', 'desc')
    .limit(filter.limit)
    .execute();
}

/** One memo; undefined when there is none of that id. */
export function findDocument(trx: TenantTrx, documentId: string): Promise<DocumentRow | undefined> {
  return trx.db
    .selectFrom('actionPackets as a')
    .leftJoin('propertyScores as s', (join) =>
      join.onRef('s.tenantId', '=', 'a.tenantId').onRef('s.id', '=', 'a.scoreId'),
    )
    .select(COLUMNS)
    .where('a.tenantId', '=', trx.tenantId)
    .where('a.id', '=', documentId)
    .executeTakeFirst();
}
