import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutboundEmail, OutboundMail, OutboundSms } from '../../../src/activities/outreach/channel.ts';
import { composeMessage, composePreview } from '../../../src/activities/outreach/compose.ts';
import { createTemplates } from '../../../src/activities/outreach/templates.ts';
import { loadSend } from '../../../src/db/queries/outreach-send.ts';
import { listTemplates, loadTemplate, removeTemplate, saveTemplate } from '../../../src/db/queries/templates.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { addTestContact, TEST_CONTACT_KEYS } from '../../support/contacts.ts';
import { openBench } from './database.ts';
import { addProperty, countingChannel, messageRow, type OutreachBench, planned, seedTenant } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
let bench: OutreachBench;
beforeAll(async () => {
  opened = await openBench();
});
afterAll(() => opened.close());
beforeEach(() => {
  bench = opened.fresh();
});

const deps = (more = {}) =>
  bench.deps(countingChannel().channel, {
    templates: createTemplates({ db: bench.db, folder: join(process.cwd(), 'config/templates/outreach') }),
    ...more,
  });
const load = async (sendId: string) =>
  (await withTenant(bench.db, bench.tenantId, (trx) => loadSend(trx, TEST_CONTACT_KEYS, sendId)))!;
const compose = async (sendId: string, more = {}) => composeMessage(deps(more), await load(sendId), bench.tenantId);
const within = <T>(work: Parameters<typeof withTenant<T>>[2]) => withTenant(bench.db, bench.tenantId, work);

/** An owner campaign with one pending send of a channel. */
async function ownerSend(channel: 'email' | 'sms' | 'mail', template: string, campaign: Record<string, unknown> = {}) {
  const { campaignId } = await seedTenant(bench, 0, { kind: 'owner', ...campaign });
  await bench.query('update campaign_steps set channel = $1, template = $2 where campaign_id = $3', [
    channel,
    template,
    campaignId,
  ]);
  const address = { line1: '12 Sample St', line2: null, city: 'Seattle', state: 'WA', zipCode: '98103' };
  const details = { name: 'Ann Owner', email: 'ann@example.com', phone: '+12065550123', postalAddress: address };
  const contactId = await addTestContact(bench.db, bench.tenantId, details, { kind: 'owner' });
  const propertyId = await addProperty(bench);
  await bench.query('update properties set estimated_value_cents = 61100000 where id = $1', [propertyId]);
  const sendId = randomUUID();
  await bench.query(
    `insert into outreach_messages (tenant_id, send_id, contact_id, property_id, campaign_id, step, channel, unsubscribe_token, packet_id)
     select $1, $2, $3, $4, $5, 1, $6, gen_random_uuid()::text, id from action_packets where property_id = $4`,
    [bench.tenantId, sendId, contactId, propertyId, campaignId, channel],
  );
  return { sendId, campaignId, propertyId };
}

describe('a message to an investor', () => {
  it('has the memo attached and linked, both ways to unsubscribe, and a Reply-To that stays', async () => {
    await seedTenant(bench);
    const [send] = await planned(bench, 1);
    const { unsubscribe_token: token } = await messageRow(bench, send!.sendId);
    const first = (await compose(send!.sendId, { replyDomain: 'reply.example.com' })) as OutboundEmail;
    const again = (await compose(send!.sendId, { replyDomain: 'reply.example.com' })) as OutboundEmail;
    expect(first.replyTo?.email).toMatch(/^reply\+[0-9a-f]{24}@reply\.example\.com$/);
    expect(again).toEqual(first);
    expect(first.headers).toEqual({
      'List-Unsubscribe': `<http://127.0.0.1:8080/unsubscribe/${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(first.attachment).toMatchObject({
      filename: '12-sample-st-seattle-wa-98103-memo.pdf',
      contentType: 'application/pdf',
    });
    for (const text of [first.html.replaceAll('&amp;', '&'), first.text]) {
      expect(text).toContain('/files/memos/');
      expect(text).toContain('1 Example Way, Seattle WA 98101');
      expect(text).toContain(`/unsubscribe/${token}`);
      expect(text).toContain('$500,000');
    }
  });

  it('draws one token however many attempts make the message at once', async () => {
    await seedTenant(bench);
    const [send] = await planned(bench, 1);
    const row = await load(send!.sendId);
    const made = await Promise.all(
      [1, 2, 3, 4].map(() => composeMessage(deps({ replyDomain: 'r.example.com' }), row, bench.tenantId)),
    );
    expect(new Set(made.map((message) => (message as OutboundEmail).replyTo?.email)).size).toBe(1);
  });

  it('is previewed without writing anything, also for a send that is nowhere', async () => {
    await seedTenant(bench);
    const [send] = await planned(bench, 1);
    const row = { ...(await load(send!.sendId)), sendId: randomUUID() };
    const preview = (await composePreview(
      deps({ replyDomain: 'r.example.com' }),
      row,
      bench.tenantId,
    )) as OutboundEmail;
    expect(preview.replyTo?.email).toBe('reply+preview@r.example.com');
    expect((await load(send!.sendId)).replyToken).toBeNull();
    await expect(composeMessage(deps({ replyDomain: 'r.example.com' }), row, bench.tenantId)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('fails without the memo, or without a postal address, naming template and field', async () => {
    const { campaignId } = await seedTenant(bench);
    const [send] = await planned(bench, 1);
    await bench.query("update campaigns set postal_address = ' ' where id = $1", [campaignId]);
    await expect(compose(send!.sendId)).rejects.toMatchObject({
      code: 'template',
      details: { template: 'investor-email', field: 'postalAddress' },
    });
    const row = { ...(await load(send!.sendId)), memoPath: null, postalAddress: '1 Example Way' };
    await expect(composePreview(deps(), row, bench.tenantId)).rejects.toMatchObject({
      message: expect.stringContaining(
        "email template 'investor-email', part mjml: it uses {{memoUrl}}, but the property has no memo",
      ),
    });
  });

  it('takes the template of its variant, and keeps the variant', async () => {
    const { campaignId } = await seedTenant(bench, 12);
    const variants = JSON.stringify([
      { name: 'a', template: 'investor-email', weight: 1 },
      { name: 'b', template: 'investor-follow-up', weight: 1 },
    ]);
    await bench.query('update campaign_steps set variants = $1 where campaign_id = $2', [variants, campaignId]);
    const sends = await planned(bench, 1);
    await bench.query('update outreach_messages set variant = null where tenant_id = $1', [bench.tenantId]);
    const subjects: Record<string, string> = {};
    for (const { sendId } of sends) {
      const message = (await compose(sendId)) as OutboundEmail;
      const { variant } = await load(sendId);
      expect(message.subject.startsWith('Following up')).toBe(variant === 'b');
      subjects[variant ?? 'none'] = message.subject;
    }
    expect(Object.keys(subjects).sort()).toEqual(['a', 'b']);
  });
});

describe('a message to an owner', () => {
  it('is an e-mail without memo, score, price and estimate, although the property has them all', async () => {
    const { sendId } = await ownerSend('email', 'owner-email');
    const message = (await compose(sendId)) as OutboundEmail;
    expect(message.attachment).toBeNull();
    expect(`${message.subject}${message.html}${message.text}`).not.toMatch(/memo|score|estimate|\$\d|\/files\//i);
    expect(message.text).toContain('Ann Owner');
    await bench.query("update campaign_steps set template = 'investor-email' where tenant_id = $1", [bench.tenantId]);
    await expect(compose(sendId)).rejects.toMatchObject({ details: { template: 'investor-email', field: 'score' } });
  });

  it('is a text message that says who writes and how to stop', async () => {
    const { sendId } = await ownerSend('sms', 'owner-sms');
    const message = (await compose(sendId)) as OutboundSms;
    expect(message).toMatchObject({ kind: 'sms', to: '+12065550123' });
    expect(message.statusCallbackUrl).toBe(`http://127.0.0.1:8080/webhook/twilio?send_id=${sendId}`);
    expect(message.body).toMatch(/Ann Owner.*Example Homes.*12 Sample St.*Reply STOP to opt out\.$/);
  });

  it('is a letter or a postcard, by the template; returned to the campaign’s address', async () => {
    const { sendId, campaignId } = await ownerSend('mail', 'owner-letter');
    const letter = (await compose(sendId)) as OutboundMail;
    expect(letter).toMatchObject({
      to: { name: 'Ann Owner', address: { line1: '12 Sample St' } },
      from: {
        name: 'Example Homes',
        address: { line1: '1 Example Way', city: 'Seattle', state: 'WA', zipCode: '98101' },
      },
      piece: { format: 'letter', html: expect.stringContaining('Ann Owner') },
    });
    await bench.query("update campaign_steps set template = 'owner-postcard' where campaign_id = $1", [campaignId]);
    expect(await compose(sendId)).toMatchObject({
      piece: { format: 'postcard', back: expect.stringContaining('Ann Owner') },
    });
    await bench.query("update campaigns set postal_address = 'somewhere in Seattle' where id = $1", [campaignId]);
    await expect(compose(sendId)).rejects.toThrow(/postal address is no address/);
  });
});

describe('templates of a tenant', () => {
  const parts = { 'sms.txt': '{{senderName}}: own text. STOP ends it.' };
  const save = (more = {}) =>
    within((trx) => saveTemplate(trx, { kind: 'sms', name: 'owner-sms', parts, createdBy: 'test', ...more }));

  it('count by their highest version, for that tenant alone, until they are removed', async () => {
    const { sendId } = await ownerSend('sms', 'owner-sms');
    expect(await save()).toMatchObject({ isNew: true, template: { version: 1 } });
    expect(await save()).toMatchObject({ isNew: false, template: { version: 1 } });
    const second = { 'sms.txt': '{{senderName}}: second text. STOP ends it.' };
    expect(await save({ parts: second })).toMatchObject({ isNew: true, template: { version: 2 } });
    expect(((await compose(sendId)) as OutboundSms).body).toBe('Example Homes: second text. STOP ends it.');
    expect(await within((trx) => listTemplates(trx))).toMatchObject([{ kind: 'sms', name: 'owner-sms', version: 2 }]);
    const other = opened.fresh();
    await seedTenant(other);
    expect(await withTenant(other.db, other.tenantId, (trx) => loadTemplate(trx, 'sms', 'owner-sms'))).toBeNull();
    expect(await within((trx) => removeTemplate(trx, 'sms', 'owner-sms'))).toBe(2);
    expect(((await compose(sendId)) as OutboundSms).body).toContain('Have you thought about selling');
  });

  it('that are wrong, whoever stored them, stop their message and name the version', async () => {
    const { sendId } = await ownerSend('sms', 'owner-sms');
    await save({ parts: { 'sms.txt': '{{senderName}} {{{recipientName}}} STOP' } });
    await expect(compose(sendId)).rejects.toThrow(/sms template 'owner-sms' \(version 1\), part sms\.txt/);
  });

  it('are stored in order by many at once; a letter and a postcard share no name', async () => {
    await seedTenant(bench);
    const many = [1, 2, 3, 4].map((n) => save({ parts: { 'sms.txt': `{{senderName}} ${n} STOP` } }));
    const versions = (await Promise.all(many)).map(({ template }) => template.version);
    expect(versions.sort()).toEqual([1, 2, 3, 4]);
    await save({ kind: 'letter', name: 'note', parts: { 'letter.html': '<p>{{senderName}}</p>' } });
    await expect(save({ kind: 'postcard', name: 'note' })).rejects.toMatchObject({ code: 'conflict' });
  });
});
