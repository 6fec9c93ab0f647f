import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInbound } from '../../../src/db/queries/inbound.ts';
import { openBench } from '../../activities/outreach/database.ts';
import type { OutreachBench } from '../../activities/outreach/setup.ts';
import { TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { apiDeps, createApi, generateKeyPair, signBody } from '../setup.ts';
import { multipart } from './multipart-form.ts';
import { type LeftSend, leftSends, SENT_AT } from './scene.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  opened = await openBench();
});
afterAll(() => opened.close());

const keys = generateKeyPair();
const PUBLIC_URL = 'https://deals.example.com';
const now = new Date(SENT_AT.getTime() + 3_600_000);

function api(bench: OutreachBench) {
  return createApi(
    apiDeps({
      db: bench.db,
      hashKey: TEST_CONTACT_KEYS.hashKey,
      sealer: TEST_CONTACT_KEYS.sealer,
      clock: () => now,
      sendgridPublicKey: keys.publicKey,
      twilioAuthToken: 'token',
      lobWebhookSecret: 'secret',
      publicUrl: PUBLIC_URL,
    }),
  );
}

/** Posts a mail as Inbound Parse does. */
async function mail(bench: OutreachBench, fields: Record<string, string>) {
  const form = multipart(
    Object.entries(fields).map(([field, content]) => ({ field, content: Buffer.from(content) })),
    [{ field: 'attachment1', fileName: 'offer.pdf', content: Buffer.from('%PDF') }],
  );
  const signed = signBody(keys, form.body, now);
  const headers = { ...(signed.headers as Record<string, string>), 'Content-Type': form.contentType };
  const answer = await api(bench).request('/webhook/sendgrid/inbound', { ...signed, headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, number>;
}

/** Posts a form as Twilio does. */
async function twilio(bench: OutreachBench, path: string, params: Record<string, string>, token = 'token') {
  const signed = Object.keys(params)
    .sort()
    .map((name) => name + params[name])
    .join('');
  const signature = createHmac('sha1', token)
    .update(PUBLIC_URL + path + signed)
    .digest('base64');
  return api(bench).request(path, {
    method: 'POST',
    body: new URLSearchParams(params).toString(),
    headers: { 'X-Twilio-Signature': signature, 'Content-Type': 'application/x-www-form-urlencoded' },
  });
}

const of = (bench: OutreachBench, text: string) => bench.query<Record<string, unknown>>(text, [bench.tenantId]);
const message = async (bench: OutreachBench, { sendId }: LeftSend) =>
  (await bench.query<Record<string, unknown>>('select * from outreach_messages where send_id = $1', [sendId]))[0]!;
const suppressions = (bench: OutreachBench) =>
  of(bench, 'select channel, address_hash, reason from suppressions where tenant_id = $1');

describe('mail that recipients write', () => {
  const reply = (send: LeftSend, more: Record<string, string> = {}) => ({
    headers: 'Message-ID: <reply-1@example.com>\r\nIn-Reply-To: <x@example.com>',
    from: `Someone <${send.address}>`,
    to: `reply+${send.replyToken}@replies.example.com`,
    subject: 'Re: 12 Sample St',
    text: 'Call me tomorrow.\n\n> A house',
    ...more,
  });

  it('answers its send once, engages the property, and is kept sealed', async () => {
    const bench = opened.fresh();
    const [send] = (await leftSends(bench, 1)) as [LeftSend];
    const receipts = await Promise.all([mail(bench, reply(send)), mail(bench, reply(send))]);
    expect(receipts.map((one) => one['recorded']).sort()).toEqual([0, 1]);
    expect(await mail(bench, reply(send))).toMatchObject({ recorded: 0, duplicates: 1 });
    expect(await message(bench, send)).toMatchObject({ answered_at: now, status: 'delivered' });
    expect(await of(bench, 'select status from properties where tenant_id = $1')).toEqual([{ status: 'engaged' }]);
    expect(await of(bench, "select signal, payload->>'type' as type from signal_outbox where tenant_id = $1")).toEqual([
      { signal: 'emailEvent', type: 'reply' },
    ]);
    const [row] = await of(bench, 'select * from inbound_messages where tenant_id = $1');
    expect(row).toMatchObject({ kind: 'reply', send_id: send.sendId, address_hash: send.addressHash });
    expect(
      openInbound(TEST_CONTACT_KEYS.sealer, bench.tenantId, { id: String(row!['id']), sealed: String(row!['sealed']) }),
    ).toEqual({
      from: `Someone <${send.address}>`,
      subject: 'Re: 12 Sample St',
      text: 'Call me tomorrow.\n\n> A house',
      attachments: ['offer.pdf'],
    });
    const everything = JSON.stringify([
      await of(bench, 'select payload, metadata from event_log where tenant_id = $1'),
      await of(bench, 'select * from signal_outbox where tenant_id = $1'),
      await of(bench, 'select * from outreach_events where tenant_id = $1'),
    ]);
    expect(everything).not.toMatch(/example\.com|Call me/);
  });

  it('finds its send by the message it answers, only from the address that it went to', async () => {
    const bench = opened.fresh();
    const [send] = (await leftSends(bench, 1)) as [LeftSend];
    const answering = {
      headers: `Message-ID: <r2@example.com>\r\nIn-Reply-To: <${send.providerMessageId}.abc@mail.example>`,
      to: 'deals@example.com',
    };
    expect(await mail(bench, reply(send, { ...answering, from: 'stranger@example.com' }))).toMatchObject({
      unknown_sends: 1,
    });
    expect(await mail(bench, reply(send, answering))).toMatchObject({ recorded: 1 });
  });

  it('ends nothing when a machine wrote it, and everything when it says stop', async () => {
    const bench = opened.fresh();
    const [send] = (await leftSends(bench, 1)) as [LeftSend];
    await mail(bench, reply(send, { headers: 'Message-ID: <away@example.com>\r\nAuto-Submitted: auto-replied' }));
    expect(await message(bench, send)).toMatchObject({ answered_at: null, status: 'sent' });
    expect(await suppressions(bench)).toEqual([]);
    await mail(bench, reply(send, { headers: 'Message-ID: <stop@example.com>', text: 'Please unsubscribe me' }));
    expect(await message(bench, send)).toMatchObject({ answered_at: null, status: 'unsubscribed' });
    expect(await suppressions(bench)).toEqual([
      { channel: 'email', address_hash: send.addressHash, reason: 'unsubscribed' },
    ]);
    expect(
      (await of(bench, 'select kind from inbound_messages where tenant_id = $1')).map((row) => row['kind']).sort(),
    ).toEqual(['auto_reply', 'stop']);
  });
});

describe('text messages', () => {
  const text = (send: LeftSend, sid: string, body: string) => ({
    MessageSid: sid,
    From: send.address,
    To: '+12065550199',
    Body: body,
  });

  it('report what became of them, each status once', async () => {
    const bench = opened.fresh();
    const [send, other] = (await leftSends(bench, 2, 'sms')) as [LeftSend, LeftSend];
    const path = `/webhook/twilio?send_id=${send.sendId}`;
    const status = (word: string, more = {}) =>
      twilio(bench, path, { MessageSid: 'SM1', MessageStatus: word, ...more });
    expect(await (await status('delivered')).json()).toMatchObject({ recorded: 1 });
    expect(await (await status('delivered')).json()).toMatchObject({ recorded: 0, duplicates: 1 });
    expect(await (await status('sent')).json()).toMatchObject({ recorded: 1 });
    expect(await message(bench, send)).toMatchObject({ status: 'delivered' });
    const failed = { MessageSid: other.providerMessageId, MessageStatus: 'undelivered', ErrorCode: '30005' };
    expect(await (await twilio(bench, '/webhook/twilio', failed)).json()).toMatchObject({ recorded: 1 });
    expect(await message(bench, other)).toMatchObject({ status: 'bounced', bounce_class: 'hard' });
    expect(await suppressions(bench)).toMatchObject([{ address_hash: other.addressHash, reason: 'bounced' }]);
    expect((await twilio(bench, path, { MessageSid: 'SM2', MessageStatus: 'sent' }, 'guess')).status).toBe(401);
    expect((await twilio(bench, path, { MessageSid: 'SM2' })).status).toBe(400);
  });

  it('stop and start for every tenant that knows the phone, once each', async () => {
    const [one, two] = [opened.fresh(), opened.fresh()];
    const [send] = (await leftSends(one, 1, 'sms')) as [LeftSend];
    await leftSends(two, 1, 'sms');
    const inbound = (sid: string, body: string) => twilio(one, '/webhook/twilio/inbound', text(send, sid, body));
    const answer = await inbound('SM10', 'Stop.');
    expect(answer.headers.get('Content-Type')).toContain('text/xml');
    expect(await answer.text()).toContain('<Response></Response>');
    const consents = (bench: OutreachBench) =>
      of(bench, 'select status from consents where tenant_id = $1 order by recorded_at');
    for (const bench of [one, two]) {
      expect(await suppressions(bench)).toEqual([
        { channel: 'sms', address_hash: send.addressHash, reason: 'unsubscribed' },
      ]);
      expect(await consents(bench)).toEqual([{ status: 'revoked' }]);
    }
    await one.query(`update suppressions set reason = 'do_not_call' where tenant_id = $1`, [two.tenantId]);
    await inbound('SM11', 'START');
    expect(await suppressions(one)).toEqual([]);
    expect(await suppressions(two)).toMatchObject([{ reason: 'do_not_call' }]);
    expect(await consents(one)).toEqual([{ status: 'revoked' }, { status: 'granted' }]);
    await inbound('SM10', 'Stop.');
    expect(await suppressions(one)).toEqual([]);
  });

  it('get help with the tenant’s name, and become replies', async () => {
    const bench = opened.fresh();
    const [send] = (await leftSends(bench, 1, 'sms')) as [LeftSend];
    await bench.query(`update outreach_messages set sending_at = now() where send_id = $1`, [send.sendId]);
    await bench.query(`update tenants set name = 'Smith & Sons <Homes>' where id = $1`, [bench.tenantId]);
    const help = await twilio(bench, '/webhook/twilio/inbound', text(send, 'SM20', 'help'));
    expect(await help.text()).toContain(
      '<Message>Smith &amp; Sons &lt;Homes&gt;: messages about properties. Reply STOP',
    );
    await twilio(bench, '/webhook/twilio/inbound', text(send, 'SM21', 'Yes, call me'));
    expect(await message(bench, send)).toMatchObject({ answered_at: now });
    expect(await of(bench, 'select signal from signal_outbox where tenant_id = $1')).toEqual([{ signal: 'smsEvent' }]);
  });
});

describe('letters', () => {
  const post = (bench: OutreachBench, event: unknown) => {
    const body = JSON.stringify(event);
    const timestamp = String(now.getTime());
    const signature = createHmac('sha256', 'secret').update(`${timestamp}.${body}`).digest('hex');
    const headers = { 'Lob-Signature': signature, 'Lob-Signature-Timestamp': timestamp };
    return api(bench).request('/webhook/lob', { method: 'POST', body, headers });
  };

  it('arrive or come back, whatever is told first', async () => {
    const bench = opened.fresh();
    const [send] = (await leftSends(bench, 1, 'mail')) as [LeftSend];
    const event = (id: string, type: string, metadata: Record<string, string>) => ({
      id: `evt_${id}`,
      event_type: { id: type, resource: 'letters', object: 'event_type' },
      date_created: '2026-06-03T08:00:00.000Z',
      reference_id: send.providerMessageId,
      body: { id: send.providerMessageId, metadata },
      object: 'event',
    });
    const returned = event('2', 'letter.returned_to_sender', {});
    expect(await (await post(bench, returned)).json()).toMatchObject({ recorded: 1 });
    expect(await (await post(bench, returned)).json()).toMatchObject({ duplicates: 1 });
    expect(await (await post(bench, event('1', 'letter.mailed', { send_id: send.sendId }))).json()).toMatchObject({
      recorded: 1,
    });
    expect(await message(bench, send)).toMatchObject({ status: 'bounced', bounce_class: 'hard' });
    expect(await suppressions(bench)).toEqual([{ channel: 'mail', address_hash: send.addressHash, reason: 'bounced' }]);
    expect((await post(bench, { ...returned, id: 'no event' })).status).toBe(400);
    expect(await (await post(bench, event('3', 'check.created', {}))).json()).toMatchObject({ unknown_sends: 1 });
  });
});
