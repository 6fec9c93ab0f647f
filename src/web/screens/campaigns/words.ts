/** As the kit's badges have them. */
type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';

const CHANNELS: Readonly<Record<string, string>> = { email: 'E-mail', sms: 'Text message', mail: 'Post' };

/** A channel in words. */
export function channelName(channel: string): string {
  return CHANNELS[channel] ?? channel;
}

const STATES: Readonly<Record<string, { text: string; tone: Tone; means: string }>> = {
  draft: { text: 'Draft', tone: 'neutral', means: 'Nothing leaves before a person approves it.' },
  active: { text: 'Active', tone: 'good', means: 'Runs choose recipients, and planned messages leave when they may.' },
  waits: { text: 'Waits for approval', tone: 'warn', means: 'What it says has changed since it was approved.' },
  paused: { text: 'Paused', tone: 'warn', means: 'What is planned waits until the campaign is resumed.' },
  ended: { text: 'Ended', tone: 'neutral', means: 'Nothing of it leaves any more.' },
};

/** The state of a campaign in words: an active one whose approval was lost waits for a person. */
export function stateOf(campaign: {
  status: string;
  approved_at: string | null;
  definition: { needs_approval: boolean };
}): { text: string; tone: Tone; means: string } {
  const waits = campaign.status === 'active' && campaign.definition.needs_approval && campaign.approved_at === null;
  const key = waits ? 'waits' : campaign.status;
  return STATES[key] ?? { text: key, tone: 'neutral', means: '' };
}

/** Whether a person's approval is what the campaign waits for. */
export function needsApproval(campaign: {
  status: string;
  approved_at: string | null;
  definition: { needs_approval: boolean };
}): boolean {
  if (campaign.status === 'draft') return true;
  return campaign.status !== 'ended' && campaign.definition.needs_approval && campaign.approved_at === null;
}

const MESSAGES: Readonly<Record<string, { text: string; tone: Tone }>> = {
  pending: { text: 'Planned', tone: 'neutral' },
  sending: { text: 'Leaving now', tone: 'info' },
  sent: { text: 'Sent', tone: 'info' },
  delivered: { text: 'Delivered', tone: 'info' },
  opened: { text: 'Opened', tone: 'good' },
  clicked: { text: 'Clicked', tone: 'good' },
  replied: { text: 'Replied', tone: 'good' },
  bounced: { text: 'Bounced', tone: 'bad' },
  spam: { text: 'Reported as spam', tone: 'bad' },
  unsubscribed: { text: 'Unsubscribed', tone: 'warn' },
  error: { text: 'Not sent', tone: 'bad' },
  unknown: { text: 'Unknown', tone: 'warn' },
};

/** Statuses of messages that the list can be narrowed to. */
export const MESSAGE_STATUSES = Object.keys(MESSAGES);

/** The status of a message in words; a planned one that waits says so. */
export function messageStatus(status: string, heldReason: string | null): { text: string; tone: Tone } {
  if (status === 'pending' && heldReason !== null) return { text: 'Held', tone: 'warn' };
  return MESSAGES[status] ?? { text: status, tone: 'neutral' };
}

const PASSED_OVER: Readonly<Record<string, string>> = {
  score: 'Score below the threshold',
  county: 'Not in its counties',
  property_type: 'Another type of property',
  property_tags: 'The property has none of its tags',
  no_memo: 'No memo to send yet',
  no_owner: 'No owner is known',
  no_address: 'No address for the first step’s channel',
  suppressed: 'Suppressed: unsubscribed, bounced or on your list',
  no_consent: 'No consent to text messages',
  contact_tags: 'The contact has none of its tags',
  outside_buy_box: 'Outside what the investor buys',
  already_planned: 'Planned or sent by this campaign before',
  has_answered: 'Has answered this campaign',
  offered_recently: 'Was offered the property not long ago',
  weekly_cap: 'The recipient’s weekly cap is reached',
  run_cap: 'The campaign’s daily cap is reached',
};

/** Those passed over, the most first, with why in words. */
export function passedOverRows(counts: Readonly<Record<string, number>>): Array<{ name: string; value: number }> {
  return Object.entries(counts)
    .filter(([, value]) => value > 0)
    .map(([code, value]) => ({ name: PASSED_OVER[code] ?? code.replaceAll('_', ' '), value }))
    .sort((a, b) => b.value - a.value);
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Names of the days of a send window, 1 (Monday) to 7. */
export const WEEKDAYS = DAYS.map((text, index) => ({ day: index + 1, text }));

/** `Mon–Fri, 9:00 to 18:00 in the recipient’s time`. */
export function windowText(window: { days: readonly number[]; start_hour: number; end_hour: number } | null): string {
  if (window === null) return 'At any time the law allows';
  const days = [...new Set(window.days)].sort((a, b) => a - b);
  const isRow = days.length > 2 && days.every((day, index) => index === 0 || day === (days[index - 1] ?? 0) + 1);
  const names = isRow
    ? `${DAYS[(days[0] ?? 1) - 1]}–${DAYS[(days.at(-1) ?? 7) - 1]}`
    : days.map((day) => DAYS[day - 1] ?? '').join(', ');
  return `${names}, ${window.start_hour}:00 to ${window.end_hour}:00 in the recipient’s time`;
}
