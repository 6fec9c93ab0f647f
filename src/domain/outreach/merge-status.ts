/**
 * The statuses of one send, weakest evidence first. The order is the merge: whatever arrives, in whatever order, the
 * strongest evidence stays.
 *
 * - `error` (refused or dropped by the provider) outweighs `sent` (accepted), because a drop follows acceptance; any
 *   proof of delivery outweighs `error`.
 * - The ends outweigh everything before them: `bounced` (also a late bounce, after a delivery report), then
 *   `unsubscribed`, then `spam`, the strongest wish of the recipient.
 */
export const MESSAGE_STATUSES = [
  'pending',
  'sending',
  'unknown',
  'sent',
  'error',
  'delivered',
  'opened',
  'clicked',
  'bounced',
  'unsubscribed',
  'spam',
] as const;

export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/**
 * The status that two pieces of evidence give together: the stronger one. Commutative, associative and idempotent, so
 * webhooks may come late, twice and out of order.
 */
export function mergeStatus(a: MessageStatus, b: MessageStatus): MessageStatus {
  return MESSAGE_STATUSES.indexOf(a) >= MESSAGE_STATUSES.indexOf(b) ? a : b;
}

/** True when the status proves that the provider accepted the message. */
export function provesSent(status: MessageStatus): boolean {
  return status !== 'error' && MESSAGE_STATUSES.indexOf(status) >= MESSAGE_STATUSES.indexOf('sent');
}

/** True when no later event but a stronger end can change the status. */
export function isTerminal(status: MessageStatus): boolean {
  return status === 'bounced' || status === 'unsubscribed' || status === 'spam';
}

/** The status of a text that came out of the database. Throws RangeError for a word outside the list. */
export function parseMessageStatus(text: string): MessageStatus {
  const found = MESSAGE_STATUSES.find((status) => status === text);
  if (found === undefined) throw new RangeError(`'${text}' is not the status of a send`);
  return found;
}
