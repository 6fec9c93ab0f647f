import { sign } from 'node:crypto';
import type { MailEventKeys } from '../../src/demo/mail-events.ts';

/** Numbers between 0 and 1 that follow from the seed (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A request signed as SendGrid signs. `at`: the time that it names; now when left out. */
export function signBody(keys: Pick<MailEventKeys, 'privateKey'>, body: string, at = new Date()): RequestInit {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    method: 'POST',
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Twilio-Email-Event-Webhook-Signature': sign('sha256', Buffer.from(timestamp + body), keys.privateKey).toString(
        'base64',
      ),
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    },
  };
}

/**
 * What a mail provider tells of messages: most arrive, many are opened, some clicked, 1.5% bounce, some are deferred or
 * unsubscribed. Unique, in the order of the messages.
 * @param at epoch seconds of the first event of each
 */
export function storyEvents(
  sendIds: readonly string[],
  at: number,
  callToActionUrl: string,
  random: () => number,
): Record<string, unknown>[] {
  return sendIds.flatMap((sendId, n) => {
    const event = (name: string, after: number, more: Record<string, unknown> = {}) => ({
      email: `recipient-${n}@example.com`,
      event: name,
      sg_event_id: `${n}-${name}-${after}`,
      sg_message_id: `bench-${n}.recvd-1`,
      'smtp-id': `<bench-${n}@example.com>`,
      useragent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)',
      timestamp: at + after,
      send_id: sendId,
      ...more,
    });
    const events = [event('processed', 1)];
    if (random() < 0.015)
      return [...events, event('bounce', 3, { type: 'bounce', status: '5.1.1', reason: '550 none' })];
    if (random() < 0.05) events.push(event('deferred', 2, { reason: '421 later' }));
    events.push(event('delivered', 5));
    if (random() < 0.3) events.push(event('open', 6, { sg_machine_open: true }));
    if (random() < 0.5) events.push(event('open', 60), event('open', 90));
    if (random() < 0.15) events.push(event('click', 95, { url: `${callToActionUrl}?property=${sendId}` }));
    if (random() < 0.01) events.push(event('unsubscribe', 120));
    return events;
  });
}
