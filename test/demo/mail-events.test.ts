import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateKeyPair, playMailEvents, signedEvents } from '../../src/demo/mail-events.ts';

const keys = generateKeyPair();
const sends = Array.from({ length: 200 }, (_, n) => ({
  sendId: `11111111-1111-5111-8111-${String(n).padStart(12, '0')}`,
  email: `investor-${n % 5}@example.com`,
  sentAt: new Date('2026-06-10T12:00:00Z'),
}));
const options = {
  sends,
  keys,
  callToActionUrl: 'https://deals.example.com/talk',
  memoUrl: 'https://deals.example.com/files/m.pdf',
  now: new Date('2026-06-10T12:05:00Z'),
};
const read = (batches: ReturnType<typeof signedEvents>) =>
  batches.flatMap(
    (batch) =>
      JSON.parse(batch.body.toString()) as { event: string; sg_event_id: string; send_id: string; timestamp: number }[],
  );

describe('signedEvents', () => {
  it('gives the same events for the same sends and seed, each with an id of its own', () => {
    const events = read(signedEvents(options));
    expect(read(signedEvents({ ...options, keys: generateKeyPair() }))).toEqual(events);
    expect(read(signedEvents({ ...options, seed: 2 }))).not.toEqual(events);
    expect(new Set(events.map((event) => event.sg_event_id)).size).toBe(events.length);
    expect(new Set(events.map((event) => event.event))).toEqual(
      new Set(['processed', 'delivered', 'open', 'click', 'bounce', 'unsubscribe']),
    );
  });

  it('is out of order, and a send that bounced is never delivered', () => {
    const events = read(signedEvents(options));
    const times = events.map((event) => event.timestamp);
    expect(times).not.toEqual([...times].sort((a, b) => a - b));
    const bounced = new Set(events.filter((event) => event.event === 'bounce').map((event) => event.send_id));
    expect(events.filter((event) => bounced.has(event.send_id) && event.event === 'delivered')).toEqual([]);
  });

  it('tells of one send the same, whatever other sends there are', () => {
    fc.assert(
      fc.property(fc.subarray(sends, { minLength: 1, maxLength: 20 }), (some) => {
        const ids = (batches: ReturnType<typeof signedEvents>) =>
          read(batches)
            .map((event) => event.sg_event_id)
            .sort();
        const alone = some.flatMap((send) => ids(signedEvents({ ...options, sends: [send] }))).sort();
        expect(ids(signedEvents({ ...options, sends: some }))).toEqual(alone);
      }),
      { numRuns: 20 },
    );
  });

  it('signs timestamp and body so that the public key verifies', () => {
    const key = createPublicKey({ key: Buffer.from(keys.publicKey, 'base64'), format: 'der', type: 'spki' });
    for (const { body, headers } of signedEvents(options)) {
      const signed = Buffer.concat([Buffer.from(headers['X-Twilio-Email-Event-Webhook-Timestamp']!), body]);
      expect(
        verify('sha256', signed, key, Buffer.from(headers['X-Twilio-Email-Event-Webhook-Signature']!, 'base64')),
      ).toBe(true);
    }
  });
});

describe('playMailEvents', () => {
  it('says what to do when nobody listens', async () => {
    await expect(
      playMailEvents({
        ...options,
        sends: sends.slice(0, 1),
        webhookUrl: 'http://127.0.0.1:9/webhook/sendgrid',
        retryDelayMs: 0,
      }),
    ).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('Is the API running?'),
    });
  });
});
