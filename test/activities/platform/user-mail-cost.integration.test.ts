import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Channel, SendOutcome } from '../../../src/activities/outreach/channel.ts';
import { postUserMails, type UserMailDeps } from '../../../src/activities/platform/user-mails.ts';
import { queueUserMails, sealMailLink } from '../../../src/db/queries/user-mails.ts';
import { createSealer } from '../../../src/db/sealer.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let userId: string;
const sealer = createSealer('ab'.repeat(32));
let now = new Date();
let outcome: SendOutcome = { outcome: 'sent', providerMessageId: null };
const posted: string[] = [];

const channel: Channel = {
  name: 'paid-mail',
  kinds: ['email'],
  isIdempotent: false,
  isLive: false,
  costMicros: () => 100,
  send: async (message) => {
    if (message.kind === 'email') posted.push(message.subject);
    return outcome;
  },
};

beforeAll(async () => {
  database = await createTestDatabase();
  const [row] = await database.query<{ id: string }>(
    `insert into user_accounts (tenant_id, email, name, password_hash, role) values ($1, 'a@example.com', 'A', 'none', 'admin') returning id`,
    [database.tenantId],
  );
  userId = row!.id;
});
afterAll(() => database.close());

const deps = (): UserMailDeps => ({
  db: database.db,
  clock: () => now,
  logger: pino({ level: 'silent' }),
  channels: { email: channel, sms: channel, mail: channel },
  isProduction: false,
  allowList: [],
  publicUrl: 'http://127.0.0.1:8000',
  store: { get: async () => null, signedUrl: async () => '/files/none' },
  keys: { sealer },
});
const post = () => postUserMails(deps(), database.tenantId);
const queue = (subject: string) =>
  withTenant(database.db, database.tenantId, (trx) =>
    queueUserMails(trx, [
      { userId, reference: subject, subject, body: 'b', attachmentKey: null, attachmentName: null },
    ]),
  );
const mailOf = async (subject: string) =>
  (
    await database.query<{ status: string; error: string | null; next_attempt_at: Date }>(
      'select status, error, next_attempt_at from user_mails where subject = $1',
      [subject],
    )
  )[0]!;
const ledger = () =>
  database.query(
    `select resource, kind, cost_micros::int as cost, outcome from cost_ledger where reference like 'user_mail:%' order by at`,
  );
const setBudget = (micros: number) =>
  database.query(
    `insert into budgets (tenant_id, resource, period, limit_micros) values ($1, 'paid-mail', 'month', $2)
     on conflict (tenant_id, resource, period) do update set limit_micros = excluded.limit_micros`,
    [database.tenantId, micros],
  );

describe('mail to users', () => {
  it('waits while no budget holds its price, and leaves when one does', async () => {
    await queue('first');
    now = new Date(Date.now() + 1_000);
    expect(await post()).toBe(0);
    expect(posted).toEqual([]);
    expect(await ledger()).toEqual([]);
    const held = await mailOf('first');
    expect(held).toMatchObject({ status: 'pending', error: expect.stringContaining('No budget is set for paid-mail') });
    const refused = await database.query('select action, allow from policy_decisions');
    expect(refused).toEqual([{ action: 'mails:send', allow: false }]);
    await setBudget(150);
    now = new Date(held.next_attempt_at.getTime() + 1_000);
    expect(await post()).toBe(1);
    expect(await ledger()).toEqual([{ resource: 'paid-mail', kind: 'send', cost: 100, outcome: 'ok' }]);
  });

  it('waits for the next period when the budget is spent', async () => {
    await database.query(`update cost_ledger set at = now()`);
    await queue('second');
    expect(await post()).toBe(0);
    const held = await mailOf('second');
    expect(held.status).toBe('pending');
    expect(held.next_attempt_at.toISOString()).toMatch(/-01T00:00:00.000Z$/);
    await setBudget(10_000);
    now = new Date(held.next_attempt_at.getTime() + 1_000);
    outcome = { outcome: 'rejected', reason: 'no such mailbox' };
    await database.query(`update user_mails set created_at = $1 where subject = 'second'`, [now]);
    expect(await post()).toBe(0);
    expect((await ledger()).at(-1)).toMatchObject({ cost: 0, outcome: 'error' });
  });

  it('keeps the price of one whose end nobody knows, and lets people in without a budget', async () => {
    outcome = { outcome: 'unknown', reason: 'the connection broke' };
    await queue('third');
    expect(await post()).toBe(0);
    expect((await ledger()).at(-1)).toMatchObject({ cost: 100, outcome: 'unknown' });
    expect((await mailOf('third')).status).toBe('unknown');
    await setBudget(0);
    outcome = { outcome: 'sent', providerMessageId: null };
    await queue('password');
    const sealed = sealMailLink(sealer, database.tenantId, 'password', 'https://app.example.com/reset/1');
    await database.query(`update user_mails set sealed_link = $1 where subject = 'password'`, [sealed]);
    expect(await post()).toBe(1);
    expect((await ledger()).at(-1)).toMatchObject({ cost: 100, outcome: 'ok' });
  });
});
