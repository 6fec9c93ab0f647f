import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSendingStates, resumeSending } from '../../../src/db/queries/sending-states.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { openBench } from '../../activities/outreach/database.ts';
import { messageRow, type OutreachBench } from '../../activities/outreach/setup.ts';
import { apiDeps, CALL_TO_ACTION, createApi, generateKeyPair, signBody } from '../setup.ts';
import { endState, inBatches, type LeftSend, leftSend, leftSends, SENT_AT, seeded, shuffle } from './scene.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  opened = await openBench();
});
afterAll(() => opened.close());

const keys = generateKeyPair();
const HOUR_MS = 3_600_000;

type Event = Record<string, unknown>;

/** An API whose clock stands at a time after the messages left. */
function provider(bench: OutreachBench) {
  const clock = { now: new Date(SENT_AT.getTime() + HOUR_MS) };
  const app = createApi(apiDeps({ db: bench.db, sendgridPublicKey: keys.publicKey, clock: () => clock.now }));
  const post = async (events: Event[], signedAt = clock.now) => {
    const answer = await app.request('/webhook/sendgrid', signBody(keys, JSON.stringify(events), signedAt));
    expect(answer.status).toBe(200);
    return (await answer.json()) as Record<string, number>;
  };
  return { clock, post };
}

const seconds = (n: number) => SENT_AT.getTime() / 1000 + n;

/** What a mail provider may tell of one message: stories of every kind, by the message's number. */
function story(send: LeftSend, n: number): Event[] {
  const event = (name: string, at: number, more: Event = {}): Event => ({
    event: name,
    sg_event_id: `${n}-${name}-${at}`,
    sg_message_id: `pm-${n}.recvd-1`,
    timestamp: seconds(at),
    send_id: send.sendId,
    ...more,
  });
  const arrived = [event('processed', 1), event('deferred', 2, { reason: '421 later' }), event('delivered', 3)];
  const kinds: Event[][] = [
    [...arrived, event('open', 4, { sg_machine_open: true }), event('open', 9), event('open', 12)],
    [
      ...arrived,
      event('open', 9),
      event('click', 20, { url: `${CALL_TO_ACTION}?property=1` }),
      event('click', 15, { url: 'https://example.com/m.pdf' }),
    ],
    [event('processed', 1), event('bounce', 4, { type: 'bounce', status: '5.1.1', reason: '550 no such mailbox' })],
    [
      event('processed', 1),
      event('deferred', 2),
      event('deferred', 30),
      event('bounce', 60, { type: 'blocked', status: '4.4.1', reason: 'gave up' }),
    ],
    [...arrived, event('spamreport', 70), event('unsubscribe', 60)],
    [event('processed', 1), event('dropped', 2, { reason: 'Bounced Address' })],
    [
      ...arrived,
      event('group_unsubscribe', 40),
      event('group_resubscribe', 50),
      event('bounce', 90, { type: 'blocked', status: '5.7.1', reason: 'policy' }),
    ],
  ];
  return kinds[n % kinds.length]!;
}

describe('delivery in any order, many times, and a day later', () => {
  it('ends as one delivery in order does', async () => {
    const random = seeded(20_260_601);
    const [once, often] = [opened.fresh(), opened.fresh()];
    const [sends, twins] = [await leftSends(once, 52), await leftSends(often, 52)];
    const same = (bench: OutreachBench) =>
      bench.query(
        `update outreach_messages set status = 'unknown', sent_at = null where tenant_id = $1 and send_id in
        (select send_id from outreach_messages where tenant_id = $1 order by (select email_hash from contacts c where c.id = contact_id) limit 2)`,
        [bench.tenantId],
      );
    await Promise.all([same(once), same(often)]);

    const first = provider(once);
    const inOrder = sends.flatMap(story).sort((a, b) => Number(a['timestamp']) - Number(b['timestamp']));
    for (let at = 0; at < inOrder.length; at += 40) await first.post(inOrder.slice(at, at + 40));

    const second = provider(often);
    const signedAt = second.clock.now;
    const repeated = twins.flatMap(story).flatMap((event) => Array<Event>(1 + Math.floor(random() * 46)).fill(event));
    const batches = inBatches(shuffle(repeated, random), random);
    const queue = [...batches];
    const drain = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await second.post(next);
    };
    await Promise.all([drain(), drain(), drain(), drain()]);
    const expected = await endState(once, sends);
    expect(await endState(often, twins)).toEqual(expected);
    expect(expected.events).toHaveLength(inOrder.length);
    expect(expected.states.join()).toContain('"is_paused":true');

    second.clock.now = new Date(signedAt.getTime() + 25 * HOUR_MS);
    for (const batch of shuffle(batches, random).slice(0, 20)) {
      expect(await second.post(batch, signedAt)).toMatchObject({ recorded: 0, duplicates: batch.length });
    }
    expect(await endState(often, twins)).toEqual(expected);
  });
});

describe('policies of bounces', () => {
  const bounce = (send: LeftSend, id: string, more: Event): Event => ({
    event: 'bounce',
    sg_event_id: id,
    timestamp: seconds(10),
    send_id: send.sendId,
    ...more,
  });
  const suppressions = (bench: OutreachBench) =>
    bench.query('select reason, expires_at, source from suppressions where tenant_id = $1', [bench.tenantId]);

  it('close a bad address for ever and leave one whose message was blocked alone', async () => {
    const bench = opened.fresh();
    const [bad, blocked] = (await leftSends(bench, 2)) as [LeftSend, LeftSend];
    await provider(bench).post([
      bounce(bad, 'h', { type: 'bounce', reason: '550 5.1.1 none' }),
      bounce(blocked, 'b', { type: 'blocked', status: '5.7.1' }),
    ]);
    expect(await suppressions(bench)).toEqual([{ reason: 'bounced', expires_at: null, source: 'outreach' }]);
    const rows = await bench.query(
      'select bounce_class from outreach_messages where tenant_id = $1 order by bounce_class',
      [bench.tenantId],
    );
    expect(rows).toEqual([{ bounce_class: 'block' }, { bounce_class: 'hard' }]);
  });

  it('let an address rest for 30 days after three messages were deferred, until one of them arrives', async () => {
    const bench = opened.fresh();
    const [one] = (await leftSends(bench, 1)) as [LeftSend];
    const [{ id }] = (await bench.query<{ id: string }>('select id from campaigns where tenant_id = $1', [
      bench.tenantId,
    ])) as [{ id: string }];
    const more = [1, 2].map(() => leftSend(bench, id, 'email', one.address, one.contactId));
    const sends = [one, ...(await Promise.all(more))];
    const { post } = provider(bench);
    const deferred = (send: LeftSend, n: number): Event => ({
      ...bounce(send, `d${n}`, {}),
      event: 'deferred',
      timestamp: seconds(n),
    });
    await post([deferred(sends[0]!, 1), deferred(sends[0]!, 2), deferred(sends[0]!, 3), deferred(sends[1]!, 4)]);
    expect(await suppressions(bench)).toEqual([]);
    await post([deferred(sends[2]!, 5)]);
    const until = new Date(seconds(5) * 1000 + 30 * 24 * HOUR_MS);
    expect(await suppressions(bench)).toEqual([{ reason: 'bounced', expires_at: until, source: 'soft-bounces' }]);
    await post([{ ...bounce(sends[1]!, 'arrived', {}), event: 'delivered' }]);
    expect(await suppressions(bench)).toEqual([]);
  });
});

describe('limits', () => {
  it('pause the tenant’s channel with the event that reaches them, until a person resumes it', async () => {
    const bench = opened.fresh();
    const sends = await leftSends(bench, 50);
    const { post, clock } = provider(bench);
    const complaint = (n: number): Event => ({
      event: 'spamreport',
      sg_event_id: `s${n}`,
      timestamp: seconds(10),
      send_id: sends[n]!.sendId,
    });
    const states = () => withTenant(bench.db, bench.tenantId, (trx) => readSendingStates(trx, clock.now));
    await post([{ ...complaint(0), event: 'delivered', sg_event_id: 'fine' }]);
    expect(await states()).toEqual([]);
    await post([complaint(0)]);
    expect(await states()).toMatchObject([
      {
        channel: 'email',
        isPaused: true,
        changedBy: 'outreach',
        sent: 50,
        complaints: 1,
        reason: expect.stringContaining('0.08%'),
      },
    ]);
    const told = await bench.query<{ payload: unknown }>(
      `select payload from event_log where tenant_id = $1 and payload->>'kind' like 'sending.%'`,
      [bench.tenantId],
    );
    expect(told).toMatchObject([{ payload: { kind: 'sending.paused', channel: 'email' } }]);

    await bench.query(
      `update outreach_messages set status = 'pending', held_reason = 'All sending is paused' where send_id = $1`,
      [sends[2]!.sendId],
    );
    const resume = { channel: 'email' as const, by: 'pat', now: clock.now };
    expect(await withTenant(bench.db, bench.tenantId, (trx) => resumeSending(trx, resume))).toBe(true);
    expect(await messageRow(bench, sends[2]!.sendId)).toMatchObject({ status: 'pending', held_reason: null });
    await post([complaint(0), complaint(1)]);
    expect(await states()).toMatchObject([{ isPaused: false, sent: 0, complaints: 0 }]);
  });
});
