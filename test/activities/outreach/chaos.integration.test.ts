import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { createSendGrid } from '../../../src/activities/outreach/sendgrid.ts';
import { startFakeSendGrid } from '../../support/fake-sendgrid.ts';
import { openBench } from './database.ts';
import { type OutreachBench, planned, seedTenant } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
let freshBench: () => OutreachBench;
beforeAll(async () => {
  opened = await openBench();
  freshBench = opened.fresh;
}, 60_000);
afterAll(() => opened.close());

async function bench(investors = 1, campaign: Record<string, unknown> = {}) {
  const b = freshBench();
  return { b, ...(await seedTenant(b, investors, campaign)) };
}

// No second try: one duplicate is one too many.
describe('200 sends through a faulty provider, with crashes between post and result', { retry: 0 }, () => {
  it('sends none twice and loses none', async () => {
    const { b } = await bench();
    const sends = await planned(b, 200);
    const faults = [
      'none',
      'none',
      'none',
      'slow_down',
      'server_error',
      'refuse',
      'accept_then_502',
      'accept_then_hang',
      'reset',
    ] as const;
    const pick = (sendId: string, n: number) => Number.parseInt(sendId.slice(n, n + 6), 16);
    const fake = await startFakeSendGrid((sendId, n) => (n >= 3 ? 'none' : faults[pick(sendId, n) % faults.length]!));
    const sendgrid = createSendGrid({
      sendgrid: { apiKey: 'SG.test-key', baseUrl: fake.url, timeoutMs: 150 },
    });
    const crashed: string[] = [];
    const channel = {
      ...sendgrid,
      costMicros: () => 0,
      send: async (message: Parameters<typeof sendgrid.send>[0]) => {
        const outcome = await sendgrid.send(message);
        if (pick(message.sendId, 24) % 10 === 0 && !crashed.includes(message.sendId)) {
          crashed.push(message.sendId);
          // The process is gone: nobody writes the result.
          return new Promise<never>(() => undefined);
        }
        return outcome;
      },
    };
    const deps = b.deps(channel);
    const pending = new Set(sends.map(({ sendId }) => sendId));
    for (let round = 0; round < 20 && pending.size > 0; round += 1) {
      const queue = [...pending];
      const worker = async () => {
        for (let sendId = queue.pop(); sendId !== undefined; sendId = queue.pop()) {
          const key = { tenantId: b.tenantId, sendId };
          const attempt = sendMessage(deps, key);
          const result = await Promise.race([attempt, crash(crashed, sendId, attempt)]);
          if (result !== 'crashed' && result.status !== 'pending' && result.status !== 'sending')
            pending.delete(sendId);
        }
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      b.clock.now = new Date(b.clock.now.getTime() + 60_000);
    }
    await fake.close();
    expect(pending.size).toBe(0);
    expect(crashed.length).toBeGreaterThan(5);
    expect(new Set(fake.accepted).size).toBe(fake.accepted.length);
    const rows = await b.query<{ send_id: string; status: string }>(
      'select send_id, status from outreach_messages where tenant_id = $1',
      [b.tenantId],
    );
    const ids = (status: string) => rows.filter((row) => row.status === status).map((row) => row.send_id);
    expect(ids('sent').length + ids('unknown').length + ids('error').length).toBe(200);
    expect(ids('sent').every((id) => fake.accepted.includes(id))).toBe(true);
    expect(ids('error').some((id) => fake.accepted.includes(id))).toBe(false);
    expect(fake.accepted.every((id) => ids('sent').includes(id) || ids('unknown').includes(id))).toBe(true);
    expect(crashed.every((id) => ids('unknown').includes(id))).toBe(true);
  }, 60_000);
});

/** Resolves shortly after the attempt's process has died; never when it ended otherwise. */
async function crash(crashed: readonly string[], sendId: string, attempt: Promise<unknown>): Promise<'crashed'> {
  let isOver = false;
  void attempt.finally(() => {
    isOver = true;
  });
  while (!crashed.includes(sendId)) {
    if (isOver) return new Promise(() => undefined);
    await sleep(20);
  }
  await sleep(20);
  return isOver ? new Promise(() => undefined) : 'crashed';
}
