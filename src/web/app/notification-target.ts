/** Where the thing is that a notification tells of; null when it has no screen. */
export interface NotificationTarget {
  to: string;
  params?: Record<string, string>;
  search?: Record<string, string>;
  hash?: string;
  /** What is there, for the link. */
  text: string;
}

/** Where a notification leads: its property (at the timeline, when it tells of a comment), or the webhook it names. */
export function notificationTarget(one: { property_id: string | null; reference: string }): NotificationTarget | null {
  const [kind, id] = one.reference.split(':');
  if (one.property_id !== null) {
    const isComment = kind === 'comment';
    return {
      to: '/properties/$propertyId',
      params: { propertyId: one.property_id },
      ...(isComment ? { hash: 'property-timeline' } : {}),
      text: isComment ? 'Read it in the timeline' : 'Open the property',
    };
  }
  if (kind === 'webhook' && id) return { to: '/settings/webhooks', search: { webhook: id }, text: 'Open the webhook' };
  if (kind === 'search' && id) return { to: '/properties', search: { saved: id }, text: 'Open the search' };
  return null;
}

const KINDS: Readonly<Record<string, string>> = {
  mention: 'Mention',
  assignment: 'Assignment',
  search: 'Saved search',
  webhook: 'Webhook',
};

/** The kind of a notification in a word. */
export function notificationKind(kind: string): string {
  return KINDS[kind] ?? kind.charAt(0).toUpperCase() + kind.slice(1);
}
