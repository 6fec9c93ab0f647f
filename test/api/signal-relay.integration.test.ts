import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type SignalRelay, startSignalRelay } from '../../src/api/signal-relay.ts';
import { connect } from '../../src/db/connect.ts';
import { openBench } from '../activities/outreach/database.ts';
import { type OutreachBench, seedTenant } from '../activities/outreach/setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
let b: OutreachBench;
const relays: SignalRelay[] = [];
const logger = pino({ level: 'silent' });
beforeAll(async () => {
  opened = await openBench();
  b = opened.fresh();
  await seedTenant(b);
});
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});
afterAll(() => opened.close());

const put = (propertyId: string, n: number) =>
  b.query(`insert into signal_outbox (tenant_id, property_id, signal, payload) values ($1, $2, 'emailEvent', $3)`, [
    b.tenantId,
    propertyId,
    { n },
  ]);
const waiting = () =>
  b.query<{ attempts: number; last_error: string | null; property_id: string }>(
    'select attempts, last_error, property_id from signal_outbox where delivered_at is null order by id',
  );

function relay(
  deliver: (propertyId: string, n: number) => Promise<void>,
  more: { pollMs?: number; backoffMs?: number; deliverTimeoutMs?: number } = {},
) {
  const started = startSignalRelay({
    db: b.db,
    logger,
    pollMs: 10,
    backoffMs: 30,
    ...more,
    deliver: (_tenantId, propertyId, _signal, payload) => deliver(propertyId, (payload as { n: number }).n),
  });
  relays.push(started);
  return started;
}
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('it did not happen within 10 s');
    await sleep(10);
  }
}

describe('the signal relay', () => {
  it('delivers once and in order per property, also with three relays', async () => {
    const properties = [randomUUID(), randomUUID(), randomUUID()];
    for (let n = 0; n < 40; n += 1) for (const property of properties) await put(property, n);
    const got = new Map<string, number[]>(properties.map((property) => [property, []]));
    for (let n = 0; n < 3; n += 1) {
      relay(async (property, value) => {
        await sleep(Math.random() * 3);
        got.get(property)!.push(value);
      });
    }
    await until(async () => (await waiting()).length === 0);
    for (const values of got.values()) expect(values).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('keeps a failed signal with its error, holds back only its property, and delivers it later', async () => {
    const [bad, good] = [randomUUID(), randomUUID()];
    for (const n of [0, 1]) for (const property of [bad, good]) await put(property, n);
    let isAway = true;
    const got: string[] = [];
    relay(async (property, n) => {
      if (property === bad && isAway) throw new Error('Temporal is away');
      got.push(`${property === bad ? 'bad' : 'good'} ${n}`);
    });
    await until(async () => (await waiting()).some((row) => row.attempts >= 2));
    expect(got).toEqual(['good 0', 'good 1']);
    expect((await waiting()).map((row) => [row.property_id, row.last_error])).toEqual([
      [bad, 'Temporal is away'],
      [bad, null],
    ]);
    isAway = false;
    await until(async () => (await waiting()).length === 0);
    expect(got).toEqual(['good 0', 'good 1', 'bad 0', 'bad 1']);
  });

  it('gives up on a receiver that does not answer, and tries again', async () => {
    await put(randomUUID(), 7);
    let calls = 0;
    relay(() => (++calls === 1 ? new Promise(() => undefined) : Promise.resolve()), { deliverTimeoutMs: 50 });
    await until(async () => (await waiting()).length === 0);
    expect(calls).toBe(2);
  });

  it('outlives a database that is away, and stops when asked', async () => {
    const db = connect({ url: 'postgres://nobody@127.0.0.1:9/none', logger });
    const started = startSignalRelay({ db, logger, pollMs: 5, deliver: async () => undefined });
    await sleep(60);
    const stopped = Date.now();
    await started.stop();
    expect(Date.now() - stopped).toBeLessThan(2_000);
    await db.close();
  });
});
