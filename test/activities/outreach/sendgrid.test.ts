import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import type { OutboundEmail } from '../../../src/activities/outreach/channel.ts';
import { createChannels } from '../../../src/activities/outreach/registry.ts';
import { createSendGrid } from '../../../src/activities/outreach/sendgrid.ts';
import { type FakeSendGrid, type Fault, startFakeSendGrid } from '../../support/fake-sendgrid.ts';

const message: OutboundEmail = {
  kind: 'email',
  sendId: '11111111-1111-5111-8111-111111111111',
  tenantId: '22222222-2222-4222-8222-222222222222',
  to: { name: 'Investor 1', email: 'investor-1@example.com' },
  from: { name: 'Example Homes', email: 'deals@example.com' },
  replyTo: null,
  subject: '12 Sample St: score 80 of 100',
  html: '<p>Hello</p>',
  text: 'Hello',
  headers: {
    'List-Unsubscribe': '<https://deals.example.com/unsubscribe/t>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
  attachment: { filename: 'memo.pdf', content: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' },
  plannedAt: new Date('2026-06-10T12:00:00Z'),
};
/** It waits beyond any pause of the machine, unless no answer is to come. */
const channelFor = (baseUrl: string, apiKey = 'SG.test-key', timeoutMs = 20_000) =>
  createSendGrid({ sendgrid: { apiKey, baseUrl, timeoutMs } });

let fake: FakeSendGrid | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});
const withFault = async (fault: Fault) => {
  fake = await startFakeSendGrid(() => fault);
  return { fake, channel: channelFor(fake.url, undefined, fault === 'accept_then_hang' ? 1_500 : undefined) };
};

describe('the SendGrid channel', () => {
  it('posts one message with its send id, unsubscribe headers and the memo', async () => {
    const { fake, channel } = await withFault('none');
    expect(await channel.send(message)).toEqual({ outcome: 'sent', providerMessageId: 'message-1' });
    expect(fake.accepted).toEqual([message.sendId]);
    const body = fake.posts[0]!.body;
    expect(body.headers).toMatchObject(message.headers);
    expect(body.personalizations[0]!.to[0]!.email).toBe('investor-1@example.com');
    expect(Buffer.from(body.attachments![0]!.content, 'base64').toString()).toBe('%PDF-1.7');
    expect(body.content.map((part) => part.type)).toEqual(['text/plain', 'text/html']);
  });

  it.each([
    ['slow_down', { outcome: 'retry', retryAfterSeconds: 7 }, 0],
    ['refuse', { outcome: 'rejected', reason: expect.stringContaining('personalizations.0.to.0.email') }, 0],
    ['redirect', { outcome: 'rejected', reason: expect.stringContaining('302') }, 0],
    ['server_error', { outcome: 'unknown' }, 0],
    ['accept_then_502', { outcome: 'unknown' }, 1],
    ['accept_then_hang', { outcome: 'unknown' }, 1],
    ['reset', { outcome: 'unknown' }, 0],
  ] as [Fault, Record<string, unknown>, number][])('maps %s', async (fault, outcome, accepted) => {
    const { fake, channel } = await withFault(fault);
    expect(await channel.send(message)).toMatchObject(outcome);
    expect(fake.posts).toHaveLength(1);
    expect(fake.accepted).toHaveLength(accepted);
  });

  it('maps a refused connection to retry and a wrong key to rejected, without telling the key', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    expect(await channelFor(`http://127.0.0.1:${port}`).send(message)).toMatchObject({ outcome: 'retry' });
    fake = await startFakeSendGrid();
    const refused = await channelFor(fake.url, 'SG.secret-wrong').send(message);
    expect(refused).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('401') });
    expect(JSON.stringify(refused)).not.toContain('secret-wrong');
  });

  it.each(['ftp://api.sendgrid.com', 'https://api.sendgrid.com/v3', 'https://user@api.sendgrid.com', 'sendgrid'])(
    'refuses %s as its origin',
    (baseUrl) => {
      expect(() => channelFor(baseUrl)).toThrow(/not an origin/);
    },
  );

  it('is chosen by its key, else the local outbox', () => {
    const baseUrl = 'https://api.sendgrid.com';
    const choose = (apiKey: string | undefined) =>
      createChannels({
        logger: pino({ level: 'silent' }),
        http: { fetch: () => Promise.reject(new Error('not here')) },
        outboxDir: '/nowhere',
        isSandbox: false,
        sendgrid: { apiKey, baseUrl },
        twilio: { accountSid: undefined, authToken: undefined, from: undefined, baseUrl: 'https://api.twilio.com' },
        lob: { apiKey: undefined, baseUrl: 'https://api.lob.com' },
      });
    expect(choose('SG.k').email).toMatchObject({ name: 'sendgrid', isIdempotent: false, isLive: true });
    expect(choose('SG.k').email.costMicros(message)).toBe(100);
    expect(choose(undefined).email).toMatchObject({ name: 'local-outbox', isLive: false });
    expect(choose(undefined).email.costMicros(message)).toBe(0);
  });
});
