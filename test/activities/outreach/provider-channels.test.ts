import pino from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChannelDeps, OutboundMail, OutboundSms } from '../../../src/activities/outreach/channel.ts';
import { withoutAddresses } from '../../../src/activities/outreach/channel-http.ts';
import { createLob } from '../../../src/activities/outreach/lob.ts';
import { createChannels } from '../../../src/activities/outreach/registry.ts';
import { createTwilio } from '../../../src/activities/outreach/twilio.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { createHttpClient } from '../../../src/http/client.ts';
import { choosePort } from '../../../src/runtime/ports.ts';
import { LOB_KEY, startFakeLob } from '../../support/fake-lob.ts';
import type { ProviderFault } from '../../support/fake-provider.ts';
import {
  startFakeTwilio,
  TWILIO_ACCOUNT,
  TWILIO_NUMBER,
  TWILIO_SERVICE,
  TWILIO_TOKEN,
} from '../../support/fake-twilio.ts';

const SEND_ID = '11111111-1111-5111-8111-111111111111';
const base = {
  sendId: SEND_ID,
  tenantId: '22222222-2222-4222-8222-222222222222',
  plannedAt: new Date('2026-06-10T12:00:00Z'),
};
const sms: OutboundSms = {
  ...base,
  kind: 'sms',
  to: '+12065550123',
  body: 'Ann, would you sell 12 Sample St? Example Homes. Reply STOP to opt out',
  statusCallbackUrl: `https://deals.example.com/webhook/twilio?send_id=${SEND_ID}`,
};
const address = { line1: '12 Sample St', line2: null, city: 'Seattle', state: 'WA', zipCode: '98103' };
const letter: OutboundMail = {
  ...base,
  kind: 'mail',
  to: { name: 'Ann Owner', address },
  from: { name: 'Example Homes', address: { ...address, line1: '1 Example Way', line2: 'Floor 2' } },
  piece: { format: 'letter', html: '<html><body>Dear Ann</body></html>' },
  description: 'Spring letters',
};
const postcard: OutboundMail = { ...letter, piece: { format: 'postcard', front: '<p>Front</p>', back: '<p>Back</p>' } };

/** How long a channel waits for its answer: beyond any pause of the machine, unless none is to come. */
const patience = (fault: ProviderFault) => (fault === 'accept_then_hang' ? 1_500 : 20_000);

function depsFor(url: string, more: Partial<ChannelDeps> = {}, fault: ProviderFault = 'none'): ChannelDeps {
  const timeoutMs = patience(fault);
  return {
    logger: pino({ level: 'silent' }),
    http: createHttpClient({ userAgent: 'test', trustedOrigins: [url] }),
    outboxDir: '/nowhere',
    isSandbox: false,
    sendgrid: { apiKey: undefined, baseUrl: url },
    twilio: { accountSid: TWILIO_ACCOUNT, authToken: TWILIO_TOKEN, from: TWILIO_NUMBER, baseUrl: url, timeoutMs },
    lob: { apiKey: LOB_KEY, baseUrl: url, timeoutMs },
    ...more,
  };
}

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
});
async function twilioWith(fault: ProviderFault = 'none') {
  const fake = await startFakeTwilio(() => fault);
  closing.push(fake.close);
  return fake;
}
async function lobWith(fault: ProviderFault = 'none') {
  const fake = await startFakeLob(() => fault);
  closing.push(fake.close);
  return fake;
}

/** Each fault, what the channel makes of it, and how many messages the provider took. */
const OUTCOMES: [ProviderFault, Record<string, unknown>, number][] = [
  ['slow_down', { outcome: 'retry', retryAfterSeconds: expect.any(Number) }, 0],
  ['refuse', { outcome: 'rejected' }, 0],
  ['redirect', { outcome: 'rejected', reason: expect.stringContaining('redirects to') }, 0],
  ['redirect_here', { outcome: 'unknown' }, 0],
  ['request_timeout', { outcome: 'unknown' }, 0],
  ['server_error', { outcome: 'unknown' }, 0],
  ['nonsense', { outcome: 'unknown' }, 0],
  ['accept_then_502', { outcome: 'unknown' }, 1],
  ['accept_then_hang', { outcome: 'unknown' }, 1],
  ['reset', { outcome: 'unknown' }, 0],
];

describe('the Twilio channel', () => {
  it('posts one form with sender, text and a callback that names the send', async () => {
    const fake = await twilioWith();
    const sent = await createTwilio(depsFor(fake.url)).send(sms);
    expect(sent).toEqual({ outcome: 'sent', providerMessageId: fake.accepted[0]!.sid });
    expect(fake.accepted).toMatchObject([
      { sendId: SEND_ID, form: { To: sms.to, From: TWILIO_NUMBER, Body: sms.body } },
    ]);
    expect(fake.posts[0]!.headers.connection).toBe('close');
  });

  it('names a messaging service instead of a number', async () => {
    const fake = await twilioWith();
    const deps = depsFor(fake.url);
    await createTwilio({ ...deps, twilio: { ...deps.twilio, from: TWILIO_SERVICE } }).send(sms);
    expect(fake.accepted[0]!.form).toMatchObject({ MessagingServiceSid: TWILIO_SERVICE });
    expect(fake.accepted[0]!.form).not.toHaveProperty('From');
  });

  it.each(OUTCOMES)('maps %s', async (fault, outcome, accepted) => {
    const fake = await twilioWith(fault);
    const sent = await createTwilio(depsFor(fake.url, {}, fault)).send(sms);
    expect(sent).toMatchObject(outcome);
    expect(fake.posts).toHaveLength(1);
    expect(fake.accepted).toHaveLength(accepted);
    expect(JSON.stringify(sent)).not.toMatch(/2065550123|twilio-test-token/);
  });

  it('tells the refusal in Twilio’s words, with its number', async () => {
    const fake = await twilioWith();
    const reason = "Twilio refused the message with 400: error 21211: Invalid 'To' Phone Number: (recipient).";
    expect(await createTwilio(depsFor(fake.url)).send({ ...sms, to: '+0206555012' })).toEqual({
      outcome: 'rejected',
      reason,
    });
  });

  it('can send nothing in the sandbox: a live account does not own the test number', async () => {
    const fake = await twilioWith();
    const sent = await createTwilio(depsFor(fake.url, { isSandbox: true })).send(sms);
    expect(sent).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('21606') });
    expect(fake.posts[0]!.raw).toContain('From=%2B15005550006');
    expect(fake.accepted).toEqual([]);
  });

  it('charges each segment, and refuses more than ten without asking', async () => {
    const fake = await twilioWith();
    const channel = createTwilio(depsFor(fake.url));
    expect(channel.costMicros(sms)).toBe(7_900);
    expect(channel.costMicros({ ...sms, body: 'ж'.repeat(71) })).toBe(15_800);
    const long = await channel.send({ ...sms, body: 'x'.repeat(1_531) });
    expect(long).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('11 segments') });
    expect(await channel.send({ ...sms, body: 'x'.repeat(1_530) })).toMatchObject({ outcome: 'sent' });
    expect(fake.posts).toHaveLength(1);
  });

  it.each([
    [{ authToken: undefined }, /TWILIO_AUTH_TOKEN/],
    [{ accountSid: 'AC1' }, /TWILIO_ACCOUNT_SID/],
    [{ from: 'Example' }, /TWILIO_FROM/],
    [{ baseUrl: 'https://api.twilio.com/2010' }, /TWILIO_BASE_URL/],
  ])('refuses the settings %j', (wrong, message) => {
    const deps = depsFor('https://api.twilio.com');
    expect(() => createTwilio({ ...deps, twilio: { ...deps.twilio, ...wrong } })).toThrow(message);
  });
});

describe('the Lob channel', () => {
  it('posts a letter and a postcard with the send id as key and as metadata', async () => {
    const fake = await lobWith();
    const channel = createLob(depsFor(fake.url));
    expect(await channel.send(letter)).toEqual({ outcome: 'sent', providerMessageId: fake.pieces[0]!.id });
    expect(await channel.send(postcard)).toEqual({ outcome: 'sent', providerMessageId: fake.pieces[1]!.id });
    expect(fake.pieces).toMatchObject([
      {
        resource: 'letters',
        key: SEND_ID,
        body: { file: '<html><body>Dear Ann</body></html>', metadata: { send_id: SEND_ID } },
      },
      { resource: 'postcards', key: SEND_ID, body: { size: '4x6', front: '<p>Front</p>', back: '<p>Back</p>' } },
    ]);
    expect(fake.pieces[0]!.body.from).toEqual({
      name: 'Example Homes',
      address_line1: '1 Example Way',
      address_line2: 'Floor 2',
      address_city: 'Seattle',
      address_state: 'WA',
      address_zip: '98103',
      address_country: 'US',
    });
    expect(channel.costMicros(letter)).toBe(600_000);
  });

  it('prints one piece however often it is posted', async () => {
    const fake = await lobWith();
    const channel = createLob(depsFor(fake.url));
    const answers = [await channel.send(letter), await channel.send(letter)];
    expect(answers[1]).toEqual(answers[0]);
    expect(fake.pieces).toHaveLength(1);
  });

  it.each(OUTCOMES)('maps %s', async (fault, outcome, accepted) => {
    const fake = await lobWith(fault);
    const sent = await createLob(depsFor(fake.url, {}, fault)).send(letter);
    expect(sent).toMatchObject(outcome);
    expect(fake.posts).toHaveLength(1);
    expect(fake.pieces).toHaveLength(accepted);
    expect(JSON.stringify(sent)).not.toMatch(/help@lob|555-0123|test_0123|Ann Owner|12 Sample/);
  });

  it('says itself what Lob would refuse', async () => {
    const fake = await lobWith();
    const channel = createLob(depsFor(fake.url));
    const large = { ...letter, piece: { format: 'letter' as const, html: '<'.padEnd(10_000, 'x') } };
    expect(await channel.send(large)).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('10000') });
    const to = { ...letter.to, address: { ...address, line1: 'x'.repeat(40), line2: 'y'.repeat(11) } };
    expect(await channel.send({ ...letter, to })).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringContaining('51'),
    });
    expect(await channel.send(sms)).toMatchObject({ outcome: 'rejected' });
    expect(fake.posts).toEqual([]);
  });

  it('needs a test key in the sandbox', () => {
    const deps = depsFor('https://api.lob.com', { isSandbox: true });
    expect(createLob(deps)).toMatchObject({ isLive: true });
    expect(() => createLob({ ...deps, lob: { ...deps.lob, apiKey: 'live_0123' } })).toThrow(/OUTREACH_SANDBOX/);
    expect(() => createLob({ ...deps, lob: { ...deps.lob, apiKey: undefined } })).toThrow(/LOB_API_KEY/);
  });
});

it('a refused connection and an unknown name let nothing out: try again', async () => {
  const url = `http://127.0.0.1:${await choosePort(0)}`;
  expect(await createTwilio(depsFor(url)).send(sms)).toMatchObject({
    outcome: 'retry',
    reason: expect.stringContaining('ECONNREFUSED'),
  });
  expect(await createLob(depsFor(url)).send(letter)).toMatchObject({ outcome: 'retry' });
  const http = {
    fetch: () => Promise.reject(new ReosError('transient', 'no name', { details: { reason: 'ENOTFOUND' } })),
  };
  expect(await createTwilio(depsFor(url, { http })).send(sms)).toMatchObject({ outcome: 'retry' });
});

it('each kind has the channel that the settings name', () => {
  const names = (deps: ChannelDeps) =>
    Object.fromEntries(Object.entries(createChannels(deps)).map(([kind, { name }]) => [kind, name]));
  const deps = depsFor('https://provider.example.com');
  expect(names(deps)).toEqual({ email: 'local-outbox', sms: 'twilio', mail: 'lob' });
  const without = { ...deps.twilio, accountSid: undefined, from: undefined };
  expect(
    names({
      ...deps,
      twilio: without,
      lob: { ...deps.lob, apiKey: undefined },
      sendgrid: { apiKey: 'SG.k', baseUrl: 'https://api.sendgrid.com' },
    }),
  ).toEqual({
    email: 'sendgrid',
    sms: 'local-outbox',
    mail: 'local-outbox',
  });
  expect(() => createChannels({ ...deps, twilio: { ...deps.twilio, from: undefined } })).toThrow(/TWILIO_FROM/);
});

it('keeps addresses out of a provider’s words', () => {
  expect(
    withoutAddresses('jo@example.com and "x.y+z@sub.example.org", +1 (206) 555-0123 or 2065550123, error 21211'),
  ).toBe('(address) and "(address)", (number) or (number), error 21211');
});
