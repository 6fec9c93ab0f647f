import type { ChannelKind } from '../../domain/outreach/contact.ts';
import { provesSent } from '../../domain/outreach/merge-status.ts';
import { foldEvents, groupBy } from '../../domain/outreach/provider-event-fold.ts';
import { json } from '../json.ts';
import type { SystemTrx, TenantTrx } from '../tenant.ts';
import { appendEvents } from './events.ts';
import {
  insertNewEvents,
  type LockedSend,
  lockProperties,
  lockSends,
  type MessageEvent,
  settleAsSent,
  updateSends,
} from './outreach-events-rows.ts';
import { settleSoftBounces, suppressForEver } from './outreach-events-suppress.ts';
import { lockAddresses } from './outreach-locks.ts';
import { advanceProperty } from './outreach-property.ts';
import { recordSent } from './outreach-send.ts';
import { type AutomaticPause, holdAgainstLimits } from './sending-states.ts';

export type { MessageEvent } from './outreach-events-rows.ts';

/** Which tenant each send belongs to. Ids that no tenant has are missing in the answer. */
export async function findTenantsOfSends(trx: SystemTrx, sendIds: readonly string[]): Promise<Map<string, string>> {
  if (sendIds.length === 0) return new Map();
  const rows = await trx.db
    .selectFrom('outreachMessages')
    .select(['sendId', 'tenantId'])
    .where('sendId', 'in', sendIds)
    .execute();
  return new Map(rows.map((row) => [row.sendId, row.tenantId]));
}

/** The send that an unsubscribe link belongs to; null for a token that was never issued. */
export async function findSendByToken(
  trx: SystemTrx,
  token: string,
): Promise<{ tenantId: string; sendId: string } | null> {
  const row = await trx.db
    .selectFrom('outreachMessages')
    .select(['tenantId', 'sendId'])
    .where('unsubscribeToken', '=', token)
    .executeTakeFirst();
  return row ?? null;
}

/** What became of a batch. */
export interface RecordedEvents {
  recorded: number;
  duplicates: number;
  unknownSends: number;
  /** Channels that the limits paused because of these events. */
  pauses: AutomaticPause[];
}

/**
 * Records events with everything that follows from them, each once: the sends' merged status and counters, the
 * suppressions, the properties' status, the timeline, the signals to the workflows, the limits of bounces and
 * complaints. Any order and division of the same events ends in the same rows.
 * @param now for the limits' seven days
 */
export async function recordMessageEvents(
  trx: TenantTrx,
  events: readonly MessageEvent[],
  now: Date,
): Promise<RecordedEvents> {
  const sends = await lockSends(
    trx,
    events.map((event) => event.sendId),
  );
  const known = events.filter((event) => sends.has(event.sendId));
  const fresh = known.length === 0 ? [] : await insertNewEvents(trx, known);
  const counts = {
    recorded: fresh.length,
    duplicates: known.length - fresh.length,
    unknownSends: events.length - known.length,
  };
  if (fresh.length === 0) return { ...counts, pauses: [] };
  const changes = foldBySend(sends, fresh);
  await suppress(trx, changes);
  await updateSends(trx, changes);
  await settleSoft(trx, changes);
  await recordProofs(trx, changes);
  await tell(trx, changes);
  return { ...counts, pauses: await holdChannels(trx, changes, now) };
}

/**
 * Records one event; see `recordMessageEvents`. A second time it is `duplicate`, but for the suppression, which is made
 * sure of again: whoever presses an unsubscribe link means it each time.
 */
export async function recordMessageEvent(
  trx: TenantTrx,
  event: MessageEvent,
): Promise<'recorded' | 'duplicate' | 'unknown_send'> {
  const { recorded, duplicates } = await recordMessageEvents(trx, [event], event.at);
  if (recorded > 0) return 'recorded';
  if (duplicates === 0) return 'unknown_send';
  const send = (await lockSends(trx, [event.sendId])).get(event.sendId);
  if (send !== undefined) await suppress(trx, [{ ...send, before: send, events: [event] }]);
  return 'duplicate';
}

/** A send with its new events; `progress` is what is known with them, `before` what was. */
interface Change extends LockedSend {
  before: LockedSend;
  events: MessageEvent[];
}

function foldBySend(sends: ReadonlyMap<string, LockedSend>, fresh: readonly MessageEvent[]): Change[] {
  return [...groupBy(fresh, (event) => event.sendId)].map(([sendId, events]) => {
    const before = sends.get(sendId) as LockedSend;
    const answered = events.map((event) => ({ ...event, isAnswer: event.isAnswer || isCampaignLink(before, event) }));
    const progress = foldEvents(
      before.progress,
      answered.map(({ detail, ...event }) => ({
        ...event,
        reason: typeof detail['reason'] === 'string' ? detail['reason'] : null,
      })),
    );
    const ids = events.flatMap((event) => event.providerMessageId ?? []).sort();
    return {
      ...before,
      before,
      events: answered,
      progress,
      providerMessageId: before.providerMessageId ?? ids[0] ?? null,
    };
  });
}

/** A click on the link that the campaign itself asks for answers with; queries carry the property. */
function isCampaignLink({ callToActionUrl }: LockedSend, { meaning, detail }: MessageEvent): boolean {
  if (meaning.counts !== 'click' || callToActionUrl === null || !URL.canParse(callToActionUrl)) return false;
  const { origin, pathname } = new URL(callToActionUrl);
  return detail['url'] === `${origin}${pathname}`;
}

async function suppress(trx: TenantTrx, changes: readonly Change[]): Promise<void> {
  const isClosing = ({ meaning }: MessageEvent) => meaning.suppress !== null || meaning.bounce === 'soft';
  const hashes = changes.flatMap((change) =>
    change.events.some(isClosing) || restsOrMay(change) ? (change.addressHash ?? []) : [],
  );
  await lockAddresses(trx, hashes);
  const entries = changes.flatMap(({ channel, addressHash, events }) =>
    events.flatMap(({ meaning, at }) =>
      meaning.suppress === null || addressHash === null ? [] : [{ channel, addressHash, reason: meaning.suppress, at }],
    ),
  );
  await suppressForEver(trx, entries);
}

/** True when soft bounces of the send, or its arrival after them, can have changed whether the address rests. */
function restsOrMay({ progress, events }: Change): boolean {
  const arrived = ({ meaning }: MessageEvent) => meaning.status === 'delivered' || meaning.status === 'opened';
  const isTouched = ({ meaning }: MessageEvent) => meaning.bounce === 'soft' || meaning.status === 'clicked';
  return progress.softBounceCount > 0 && events.some((event) => arrived(event) || isTouched(event));
}

async function settleSoft(trx: TenantTrx, changes: readonly Change[]): Promise<void> {
  for (const [channel, ofChannel] of groupBy(changes.filter(restsOrMay), (change) => change.channel)) {
    const hashes = new Set(ofChannel.flatMap((change) => change.addressHash ?? []));
    await settleSoftBounces(trx, channel, [...hashes]);
  }
}

/** What follows from proof that a message left, and from an answer: costs, `sent`, and the property's status. */
async function recordProofs(trx: TenantTrx, changes: readonly Change[]): Promise<void> {
  const proves = ({ meaning }: MessageEvent) => meaning.status !== null && provesSent(meaning.status);
  const proven = changes.filter((change) => change.events.some(proves));
  await settleAsSent(
    trx,
    proven.filter((change) => !provesSent(change.before.progress.status)),
  );
  const unrecorded = proven.filter((change) => change.sentAt === null);
  const answered = changes.filter((change) => change.events.some((event) => event.isAnswer));
  await lockProperties(
    trx,
    [...unrecorded, ...answered].map((change) => change.propertyId),
  );
  for (const change of unrecorded) {
    const [event] = change.events.filter(proves).sort((a, b) => a.at.getTime() - b.at.getTime());
    const source = event?.provider ?? 'outreach';
    // When it was attempted, where that is known: the same whatever event is the first to prove it.
    const at = change.sendingAt ?? event?.at ?? new Date();
    await recordSent(trx, { ...change, provider: change.provider ?? source }, at, source);
  }
  for (const propertyId of new Set(answered.map((change) => change.propertyId))) {
    await advanceProperty(trx, propertyId, 'engaged');
  }
}

/** The timeline and the signals, oldest first. What each says depends on its event alone. */
async function tell(trx: TenantTrx, changes: readonly Change[]): Promise<void> {
  const told = changes
    .flatMap((send) => send.events.map((event) => ({ send, event })))
    .sort((a, b) => a.event.at.getTime() - b.event.at.getTime());
  await appendEvents(
    trx,
    told.map(({ send, event }) => ({
      eventType: 'timeline.updated',
      propertyId: send.propertyId,
      correlationId: send.sendId,
      payload: {
        kind: `${send.channel}.${event.type}`,
        send_id: send.sendId,
        contact_id: send.contactId,
        status: event.meaning.status,
        at: event.at.toISOString(),
      },
      source: event.provider,
    })),
  );
  await trx.db
    .insertInto('signalOutbox')
    .values(
      told.map(({ send, event }) => ({
        tenantId: trx.tenantId,
        propertyId: send.propertyId,
        signal: `${send.channel}Event`,
        payload: json({
          sendId: send.sendId,
          type: event.type,
          at: event.at.toISOString(),
          eventId: event.providerEventId,
          status: event.meaning.status,
        }),
      })),
    )
    .execute();
}

async function holdChannels(trx: TenantTrx, changes: readonly Change[], now: Date): Promise<AutomaticPause[]> {
  const isWorse = ({ before, progress }: Change) =>
    (progress.bounceClass === 'hard' && before.progress.bounceClass !== 'hard') ||
    (progress.complainedAt !== null && before.progress.complainedAt === null);
  const channels = new Set<ChannelKind>(changes.filter(isWorse).map((change) => change.channel));
  const pauses: AutomaticPause[] = [];
  for (const channel of [...channels].sort()) {
    const pause = await holdAgainstLimits(trx, channel, now);
    if (pause !== null) pauses.push(pause);
  }
  return pauses;
}
