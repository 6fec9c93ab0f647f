import { notifyUsers, requireProperty, requireUsers } from '../../db/queries/collaboration.ts';
import {
  type Comment,
  eraseComment,
  findComment,
  insertComment,
  setMentions,
  updateComment,
} from '../../db/queries/comments.ts';
import { appendEvent } from '../../db/queries/events.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { mentionedUsers } from '../../domain/collaboration/mentions.ts';
import { ReosError } from '../../domain/errors.ts';
import { covers } from '../../domain/policy.ts';
import type { Principal } from '../kit/principal.ts';

/** Who asks, within their transaction. */
export interface Asked {
  trx: TenantTrx;
  principal: Principal;
  requestId: string;
  now: Date;
}

/** A comment as the API shows it. */
export interface Shown {
  id: string;
  property_id: string;
  parent_id: string | null;
  kind: 'comment' | 'note';
  author_id: string | null;
  author_name: string;
  body: string | null;
  mentions: string[];
  created_at: Date;
  edited_at: Date | null;
}

/** A row as the API shows it. */
export function shownOf(row: Comment): Shown {
  return {
    id: row.id,
    property_id: row.propertyId,
    parent_id: row.parentId,
    kind: row.kind as Shown['kind'],
    author_id: row.authorId,
    author_name: row.authorName,
    body: row.body,
    mentions: row.mentions,
    created_at: row.createdAt,
    edited_at: row.editedAt,
  };
}

/**
 * Writes a comment, tells whom it names, and puts it on the property's timeline.
 * @throws ReosError `not_found` for a property, comment answered to, or user that the tenant has not
 */
export async function writeComment(
  asked: Asked,
  propertyId: string,
  input: {
    body: string;
    kind: 'comment' | 'note';
    parent_id?: string | null | undefined;
    mentions?: string[] | undefined;
  },
): Promise<Shown> {
  const { trx, principal } = asked;
  await requireProperty(trx, propertyId);
  const parentId = input.parent_id ?? null;
  if (parentId !== null && (await findComment(trx, parentId))?.propertyId !== propertyId) {
    throw new ReosError('not_found', `There is no comment ${parentId} on this property to answer.`);
  }
  const commentId = await insertComment(trx, {
    propertyId,
    parentId,
    kind: input.kind,
    authorId: principal.kind === 'user' ? principal.id : null,
    authorName: principal.name,
    body: input.body,
  });
  await nameUsers(asked, { id: commentId, propertyId }, input);
  return tell(asked, commentId, 'comment.created');
}

/**
 * Changes the text of the asker's own comment; those whom it names for the first time are told.
 * @throws ReosError `not_found`, `forbidden` for a comment of somebody else
 */
export async function changeComment(
  asked: Asked,
  commentId: string,
  input: { body: string; mentions?: string[] | undefined },
): Promise<Shown> {
  const known = await ownComment(asked, commentId, false);
  await updateComment(asked.trx, commentId, input.body, asked.now);
  await nameUsers(asked, known, input);
  return tell(asked, commentId, 'comment.edited');
}

/**
 * Deletes the asker's own comment, or any for an admin.
 * @throws ReosError `not_found`, `forbidden` for a comment of somebody else
 */
export async function takeComment(asked: Asked, commentId: string): Promise<void> {
  await ownComment(asked, commentId, true);
  await tell(asked, commentId, 'comment.deleted');
  await eraseComment(asked.trx, commentId, asked.now);
}

async function ownComment({ trx, principal }: Asked, commentId: string, adminMay: boolean): Promise<Comment> {
  const known = await findComment(trx, commentId);
  if (known === undefined) throw new ReosError('not_found', `There is no comment ${commentId}.`);
  const isOwn = principal.kind === 'user' && known.authorId === principal.id;
  if (isOwn || (adminMay && covers(principal.permissions, '*'))) return known;
  const who = adminMay ? 'its author or an admin' : 'its author';
  throw new ReosError('forbidden', `Comment ${commentId} is somebody else's: only ${who} may do this.`);
}

async function nameUsers(
  { trx, principal }: Asked,
  comment: { id: string; propertyId: string },
  input: { body: string; mentions?: string[] | undefined },
): Promise<void> {
  const ids = [...new Set([...mentionedUsers(input.body), ...(input.mentions ?? [])])];
  if (ids.length > 50) {
    throw new ReosError('validation', `body: names ${ids.length} users; 50 at most.`, { details: { field: 'body' } });
  }
  await requireUsers(trx, ids);
  await setMentions(trx, comment.id, ids);
  await notifyUsers(
    trx,
    ids
      .filter((userId) => userId !== principal.id)
      .map((userId) => ({
        userId,
        kind: 'mention',
        title: `${principal.name} mentioned you in a comment`,
        propertyId: comment.propertyId,
        reference: `comment:${comment.id}`,
      })),
  );
}

async function tell({ trx, principal, requestId }: Asked, commentId: string, what: string): Promise<Shown> {
  const written = await findComment(trx, commentId);
  if (written === undefined) throw new Error(`comment ${commentId} is gone within its own transaction`);
  await appendEvent(trx, {
    eventType: 'timeline.updated',
    propertyId: written.propertyId,
    correlationId: requestId,
    payload: { what, comment_id: commentId, parent_id: written.parentId, kind: written.kind },
    source: 'api',
    ...(principal.kind === 'user' ? { userId: principal.id } : {}),
  });
  return shownOf(written);
}
