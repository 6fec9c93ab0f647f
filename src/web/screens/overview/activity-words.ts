/** What happened, in the words of the feed; the property stands behind it. */
const WORDS: Readonly<Record<string, string>> = {
  'property.discovered': 'found',
  'property.enriched': 'facts brought together',
  'property.scored': 'scored',
  'memo.generated': 'memo written',
  'outreach.sent': 'message sent',
  'email.processed': 'e-mail accepted by the provider',
  'email.delivered': 'e-mail delivered',
  'email.open': 'e-mail opened',
  'email.click': 'link in the e-mail followed',
  'email.bounce': 'e-mail bounced',
  'email.dropped': 'e-mail dropped by the provider',
  'email.deferred': 'e-mail deferred',
  'email.spamreport': 'e-mail reported as spam',
  'email.unsubscribe': 'recipient unsubscribed',
  'email.reply': 'recipient replied',
  'sms.delivered': 'text message delivered',
  'sms.failed': 'text message failed',
  'comment.created': 'commented on',
  'comment.edited': 'changed a comment on',
  'comment.deleted': 'deleted a comment on',
  'tag.added': 'tagged',
  'tag.removed': 'took a tag off',
  'assignment.created': 'assigned',
  'assignment.completed': 'completed the assignment of',
  'assignment.removed': 'took back the assignment of',
  paused: 'paused',
  resumed: 'resumed',
  failed: 'stopped: a step could not be done',
  suppressed: 'left alone from now on',
  closed: 'closed',
  possible_duplicate: 'possible duplicate found',
};

/** A line of the feed: who (nobody, when the system did it) and what. */
export function activityWords(event: { what: string; actor: { kind: string; name: string } }): {
  who: string | null;
  what: string;
} {
  const what = WORDS[event.what] ?? event.what.replace(/[._]/g, ' ');
  return { who: event.actor.kind === 'user' ? event.actor.name : null, what };
}

/** Good news, bad news, or neither. */
export function activityTone(what: string): 'good' | 'bad' | 'neutral' {
  if (/bounce|dropped|spam|fail|unsubscribe/.test(what)) return 'bad';
  if (/reply|click|engaged|memo\.generated|closed/.test(what)) return 'good';
  return 'neutral';
}
