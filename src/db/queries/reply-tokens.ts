import { sql } from 'kysely';
import type { TenantTrx } from '../tenant.ts';

/** What a send keeps for ever once its message was first made. */
export interface SendIdentity {
  /** Local part of its own Reply-To; null while none was needed. */
  replyToken: string | null;
  /** The A/B variant it was made with; null when its step has none. */
  variant: string | null;
}

/**
 * Gives a send its reply token and variant. A token that is there stays; the variant changes only while the send is
 * pending, when nothing has left with the older one. Returns what holds now; null for an unknown send.
 */
export async function keepSendIdentity(
  trx: TenantTrx,
  sendId: string,
  proposed: SendIdentity,
): Promise<SendIdentity | null> {
  const row = await trx.db
    .updateTable('outreachMessages')
    .set({
      replyToken: sql<string | null>`coalesce(reply_token, ${proposed.replyToken})`,
      variant: sql<
        string | null
      >`case when status = 'pending' or variant is null then ${proposed.variant} else variant end`,
    })
    .where('tenantId', '=', trx.tenantId)
    .where('sendId', '=', sendId)
    .returning(['replyToken', 'variant'])
    .executeTakeFirst();
  return row ?? null;
}
