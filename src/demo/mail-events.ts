import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReosError } from '../domain/errors.ts';

/** A message that left, as the mail provider knows it. */
export interface MailedSend {
  sendId: string;
  email: string;
  sentAt: Date;
}

export interface MailEventKeys {
  /** Base64 SPKI DER: what SENDGRID_WEBHOOK_PUBLIC_KEY takes. */
  publicKey: string;
  privateKey: KeyObject;
}

/** One POST to the webhook, signed over timestamp and body. */
export interface SignedBatch {
  body: Buffer;
  headers: Record<string, string>;
}

/** What the webhook answered over all batches, the repeated one included. */
export interface MailEventReport {
  posted: number;
  recorded: number;
  duplicates: number;
  unknownSends: number;
}

interface PlayedEvent {
  event: string;
  sg_event_id: string;
  timestamp: number;
  send_id: string;
  email: string;
  [field: string]: unknown;
}

/** A new ECDSA P-256 pair, as SendGrid's signed webhook uses. */
export function generateKeyPair(): MailEventKeys {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey };
}

/**
 * What a mail provider would report of these messages, in SendGrid's format: the same messages and seed give the same
 * events with the same ids. Deliberately out of order, and in batches.
 */
export function signedEvents(options: {
  sends: readonly MailedSend[];
  keys: MailEventKeys;
  callToActionUrl: string;
  memoUrl: string;
  now: Date;
  seed?: number;
  batchSize?: number;
}): SignedBatch[] {
  const { sends, keys, now, seed = 1, batchSize = 50 } = options;
  const events = sends.flatMap((send) => eventsOf(send, options, seed));
  events.sort((a, b) =>
    digest(`order:${seed}:${a.sg_event_id}`).localeCompare(digest(`order:${seed}:${b.sg_event_id}`)),
  );
  const batches: SignedBatch[] = [];
  for (let at = 0; at < events.length; at += batchSize) {
    batches.push(signBatch(events.slice(at, at + batchSize), keys, now));
  }
  return batches;
}

/**
 * Posts the events to a webhook as the provider would: the first batch twice, and again after a 5xx.
 * @throws ReosError `transient` when the webhook stays unavailable, `validation` when it refuses a batch
 */
export async function playMailEvents(
  options: Parameters<typeof signedEvents>[0] & { webhookUrl: string; retryDelayMs?: number },
): Promise<MailEventReport> {
  const batches = signedEvents(options);
  const report: MailEventReport = { posted: 0, recorded: 0, duplicates: 0, unknownSends: 0 };
  for (const batch of [...batches, ...batches.slice(0, 1)]) {
    const answer = await post(options.webhookUrl, batch, options.retryDelayMs ?? 1_000);
    report.posted += 1;
    report.recorded += answer.recorded;
    report.duplicates += answer.duplicates;
    report.unknownSends += answer.unknown_sends;
  }
  return report;
}

/** A recipient's story: most mails arrive, many are opened, some are answered, a few bounce or end it. */
function eventsOf(
  send: MailedSend,
  { callToActionUrl, memoUrl }: { callToActionUrl: string; memoUrl: string },
  seed: number,
): PlayedEvent[] {
  const chance = (what: string) => Number.parseInt(digest(`${seed}:${what}:${send.sendId}`).slice(0, 8), 16) / 2 ** 32;
  const sentAt = Math.floor(send.sentAt.getTime() / 1000);
  const event = (name: string, afterSeconds: number, more: Record<string, unknown> = {}): PlayedEvent => ({
    email: send.email,
    event: name,
    sg_event_id: digest(`${seed}:${name}:${JSON.stringify(more)}:${send.sendId}`).slice(0, 32),
    sg_message_id: `${digest(send.sendId).slice(0, 22)}.filter-0`,
    timestamp: sentAt + afterSeconds,
    send_id: send.sendId,
    ...more,
  });
  const events = [event('processed', 1)];
  if (chance('bounce') < 0.04) {
    return [...events, event('bounce', 3, { type: 'bounce', reason: '550 5.1.1 no such mailbox', status: '5.1.1' })];
  }
  events.push(event('delivered', 2, { response: '250 OK' }));
  if (chance('machine') < 0.2) events.push(event('open', 4, { sg_machine_open: true }));
  if (chance('open') < 0.7) {
    events.push(event('open', 60, { sg_machine_open: false }));
    if (chance('memo') < 0.5) events.push(event('click', 90, { url: memoUrl }));
    if (chance('answer') < 0.3) events.push(event('click', 120, { url: callToActionUrl }));
    if (chance('unsubscribe') < 0.03) events.push(event('unsubscribe', 150));
  }
  return events;
}

function signBatch(events: PlayedEvent[], keys: MailEventKeys, now: Date): SignedBatch {
  const body = Buffer.from(`${JSON.stringify(events)}\r\n`);
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = sign('sha256', Buffer.concat([Buffer.from(timestamp), body]), keys.privateKey).toString('base64');
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Twilio-Email-Event-Webhook-Signature': signature,
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    },
  };
}

async function post(webhookUrl: string, batch: SignedBatch, retryDelayMs: number) {
  let last = 'no answer';
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    try {
      const response = await fetch(webhookUrl, {
        method: 'POST',
        headers: batch.headers,
        body: new Uint8Array(batch.body),
      });
      const text = await response.text();
      if (response.ok) return JSON.parse(text) as { recorded: number; duplicates: number; unknown_sends: number };
      last = `${response.status} ${text.slice(0, 300)}`;
      if (response.status < 500) {
        throw new ReosError('validation', `The webhook ${webhookUrl} refused a batch of mail events: ${last}`);
      }
    } catch (error) {
      if (error instanceof ReosError) throw error;
      last = String(error);
    }
    await sleep(retryDelayMs * attempt);
  }
  throw new ReosError(
    'transient',
    `The webhook ${webhookUrl} did not take the mail events: ${last}. Is the API running?`,
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
