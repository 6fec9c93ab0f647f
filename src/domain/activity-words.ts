/** What the feed says of each kind of event, as the end of a sentence that begins with who did it. */
const SENTENCES: Readonly<Record<string, string>> = {
  'property.discovered': 'found the property',
  'property.enriched': 'brought facts together',
  'property.scored': 'scored the property',
  'memo.generated': 'wrote a memo',
  'outreach.sent': 'sent a message',
  'comment.created': 'wrote a comment',
  'comment.edited': 'changed a comment',
  'comment.deleted': 'deleted a comment',
  'tag.added': 'put a tag on the property',
  'tag.removed': 'took a tag off the property',
  'assignment.added': 'assigned the property',
  'assignment.changed': 'changed an assignment',
  'assignment.completed': 'completed an assignment',
  'assignment.removed': 'took an assignment back',
  'budget.changed': 'changed a budget',
  'sending.paused': 'paused sending',
  'sending.resumed': 'resumed sending',
  'suppression.removed': 'took an address off the list of those not to be written to',
  model_promoted: 'put a valuation model to work',
  model_rolled_back: 'went back to the valuation model before',
  model_retired: 'retired a valuation model',
  model_in_shadow: 'has a valuation model run in the shadow',
  model_out_of_shadow: 'took a valuation model out of the shadow',
  model_decision: 'looked at a valuation model and left it as it is',
  paused: 'paused the property',
  resumed: 'resumed the property',
  failed: 'could not finish a stage',
  suppressed: 'suppressed the property',
  closed: 'closed the property',
  possible_duplicate: 'found a possible duplicate',
};

const CHANNELS: Readonly<Record<string, string>> = { email: 'an e-mail', sms: 'a text message', mail: 'a letter' };
/** Events of messages that are no word of a provider's. */
const MESSAGE_WORDS: Readonly<Record<string, string>> = {
  settled: 'was settled by a person',
  erased: 'was erased with its person',
  open: 'was opened',
  click: 'was clicked on',
  reply: 'was answered',
  bounce: 'came back',
  spamreport: 'was reported as spam',
  unsubscribe: 'led to an opt-out',
  group_unsubscribe: 'led to an opt-out',
  stop: 'led to an opt-out',
};

/**
 * What happened, in words that follow who did it: `assigned the property`, `an e-mail was opened`; null for a kind that
 * is not known.
 */
export function sentenceOf(what: string): string | null {
  const sentence = SENTENCES[what];
  if (sentence !== undefined) return sentence;
  const [, channel = '', word = ''] = /^([a-z]+)\.(.+)$/.exec(what) ?? [];
  const message = CHANNELS[channel];
  if (message === undefined) return null;
  // The words of providers are many, and say what they mean.
  return `${message} ${MESSAGE_WORDS[word] ?? `was ${word.replace(/[._]/g, ' ')}`}`;
}
