import { featureName } from '../../lib/feature-names.ts';
import { formatNumber, formatPercent, humanise } from '../../lib/format.ts';
import { senderName, sourceName } from '../../lib/names.ts';
import { factName } from './fact-list.ts';
import { outsideField } from './provenance.ts';

/** An event of a property, as the API tells it. */
export interface EventLike {
  event_id: string;
  event_type: string;
  timestamp: string;
  payload?: unknown;
  metadata?: unknown;
}

/** An event in words; `detail` where there is more to say. */
export interface EventWords {
  title: string;
  detail: string | null;
  tone: 'neutral' | 'good' | 'warn' | 'bad';
}

/** The id of the user who caused the event; null for the system. */
export function actorOf({ metadata }: EventLike): string | null {
  const userId = record(metadata).user_id;
  return typeof userId === 'string' ? userId : null;
}

/** The part of the system, or the source, that the event came from. */
export function sourceOf({ metadata }: EventLike): string {
  const source = record(metadata).source;
  return typeof source === 'string' ? source : 'system';
}

/** Events that tell of a comment: the comment itself stands in the timeline. */
export function isOfComment({ payload }: EventLike): boolean {
  const what = record(payload).what;
  return typeof what === 'string' && what.startsWith('comment.');
}

/** What happened, in words. `nameOf` gives a user's name. */
export function wordsOf(event: EventLike, nameOf: (userId: string) => string): EventWords {
  const payload = record(event.payload);
  switch (event.event_type) {
    case 'property.discovered':
      return plain(
        `Found in ${typeof payload.source === 'string' ? sourceName(payload.source) : 'a source'}`,
        text(payload.record_kind, '') && `As a ${text(payload.record_kind, '')}`,
      );
    case 'property.enriched':
      return enriched(payload);
    case 'property.scored':
      return scored(payload);
    case 'memo.generated':
      return {
        title: 'Memo written',
        detail: typeof payload.pages === 'number' ? `${payload.pages} pages` : null,
        tone: 'good',
      };
    case 'outreach.sent':
      return plain(
        `${channelName(payload.channel)} sent`,
        `Step ${text(payload.step, '1')}, by ${typeof payload.provider === 'string' ? senderName(payload.provider) : 'a provider'}`,
      );
    default:
      return updated(payload, nameOf) ?? plain(humanise(event.event_type));
  }
}

function enriched(payload: Record<string, unknown>): EventWords {
  const sources = strings(payload.sources);
  const fields = strings(payload.fields).map((name) => factName(outsideField(name, null).field));
  const problem = text(payload.problem, '');
  return {
    title: sources.length === 0 ? 'No source had anything new' : `Facts from ${sources.map(sourceName).join(', ')}`,
    detail:
      [
        problem,
        fields.length > 0 && `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}: ${fields.join(', ')}`,
      ]
        .filter(Boolean)
        .join('. ') || null,
    tone: problem === '' ? 'neutral' : 'warn',
  };
}

function scored(payload: Record<string, unknown>): EventWords {
  const score = typeof payload.bird_dog_score === 'number' ? formatNumber(payload.bird_dog_score) : 'unknown';
  const sure = typeof payload.confidence === 'number' ? `, ${formatPercent(payload.confidence, 0)} sure` : '';
  const reasons = strings(payload.reasons).map(featureName).join(', ');
  return { title: `Scored ${score}${sure}`, detail: reasons && `Most of all by: ${reasons}`, tone: 'good' };
}

const OF_MESSAGE: Record<string, [string, EventWords['tone']]> = {
  processed: ['accepted by the provider', 'neutral'],
  sent: ['sent', 'neutral'],
  delivered: ['delivered', 'neutral'],
  open: ['opened', 'good'],
  opened: ['opened', 'good'],
  click: ['link followed', 'good'],
  clicked: ['link followed', 'good'],
  reply: ['answered', 'good'],
  replied: ['answered', 'good'],
  bounce: ['bounced', 'bad'],
  bounced: ['bounced', 'bad'],
  dropped: ['dropped', 'bad'],
  deferred: ['delayed by the receiver', 'warn'],
  unsubscribe: ['recipient unsubscribed', 'warn'],
  spamreport: ['reported as spam', 'bad'],
  settled: ['settled by a person', 'neutral'],
  erased: ['contact erased', 'neutral'],
};

function updated(payload: Record<string, unknown>, nameOf: (userId: string) => string): EventWords | null {
  const kind = text(payload.kind, '');
  const [channel, what] = kind.split('.');
  if (what !== undefined && ['email', 'sms', 'mail'].includes(channel!)) {
    const [words, tone] = OF_MESSAGE[what] ?? [humanise(what).toLowerCase(), 'neutral' as const];
    return { title: `${channelName(channel)} ${words}`, detail: text(payload.note, '') || null, tone };
  }
  const person = typeof payload.user_id === 'string' ? nameOf(payload.user_id) : 'somebody';
  const reason = text(payload.reason, '') || null;
  switch (payload.what) {
    case 'paused':
      return { title: 'Paused', detail: reason, tone: 'warn' };
    case 'resumed':
      return plain('Resumed');
    case 'failed':
      return {
        title: `Stopped at the step “${humanise(text(payload.stage, 'unknown'))}”`,
        detail: reason,
        tone: 'bad',
      };
    case 'suppressed':
      return { title: 'Suppressed', detail: reason, tone: 'warn' };
    case 'closed':
      return {
        title: `Closed: ${humanise(text(payload.outcome, 'outcome recorded')).toLowerCase()}`,
        detail: text(payload.note, '') || null,
        tone: 'good',
      };
    case 'possible_duplicate':
      return { title: 'Perhaps the same house as another property', detail: null, tone: 'warn' };
    case 'assignment.added':
      return plain(`Given to ${person}`);
    case 'assignment.changed':
      return plain(`The task of ${person} was changed`);
    case 'assignment.completed':
      return { title: `${person} is done with it`, detail: null, tone: 'good' };
    case 'assignment.removed':
      return plain(`Taken from ${person}`);
    case 'tag.added':
      return plain('Tagged');
    case 'tag.removed':
      return plain('A tag was taken off');
    default:
      return kind || typeof payload.what === 'string'
        ? plain(humanise(kind || String(payload.what)), reason ?? undefined)
        : null;
  }
}

/** A channel in words. */
export function channelName(channel: unknown): string {
  if (channel === 'email') return 'E-mail';
  if (channel === 'sms') return 'Text message';
  return channel === 'mail' ? 'Letter' : 'Message';
}

function plain(title: string, detail?: string): EventWords {
  return { title, detail: detail || null, tone: 'neutral' };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
