/**
 * A process that sends what is due, until it is told to end or is killed: the product's own `sendMessage` with its real
 * SendGrid channel and gate, several at a time. Its one argument is a SenderPlan as JSON.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import type { OutreachDeps } from '../../src/activities/outreach/deps.ts';
import { sendMessage } from '../../src/activities/outreach/send.ts';
import { createSendGrid } from '../../src/activities/outreach/sendgrid.ts';
import { connect } from '../../src/db/connect.ts';
import { listInterrupted } from '../../src/db/queries/outreach-send.ts';
import { withTenant } from '../../src/db/tenant.ts';
import { messageOf, ReosError } from '../../src/domain/errors.ts';
import { TEST_CONTACT_KEYS } from '../support/contacts.ts';
import { PLAIN_TEMPLATES } from '../support/templates.ts';
import type { SenderNews, SenderPlan } from './outreach-senders.ts';

const BATCH = 24;
const plan = JSON.parse(process.argv[2] ?? '{}') as SenderPlan;
const logger = pino({ level: 'silent' });
const db = connect({ url: plan.databaseUrl, logger, max: plan.parallel + 1 });
const channel = createSendGrid({
  sendgrid: { apiKey: 'SG.test-key', baseUrl: plan.providerUrl, timeoutMs: plan.timeoutMs },
  isSandbox: false,
});
const deps: OutreachDeps = {
  db,
  logger,
  clock: () => new Date(),
  storage: { get: async () => Buffer.from('%PDF-1.7 a memo'), signedUrl: (key) => `/files/${key}` },
  channels: { email: channel, sms: channel, mail: channel },
  templates: PLAIN_TEMPLATES,
  keys: TEST_CONTACT_KEYS,
  quietHours: { channels: [], everywhere: { days: [1, 2, 3, 4, 5, 6, 7], startHour: 0, endHour: 24 }, states: {} },
  isProduction: false,
  allowList: ['@example.com'],
  replyDomain: undefined,
  publicUrl: 'http://127.0.0.1:8080',
  callToAction: { label: 'Talk to us', url: 'https://deals.example.com/talk' },
  sendingLimitMs: plan.sendingLimitMs,
};

const state = { isEnding: false, inFlight: 0, queue: [] as string[] };
const tell = (news: SenderNews) => void process.send?.(news);

/** What is due in an order of this process's own, which meets that of the others now and then; then what others left. */
async function refill(): Promise<void> {
  const now = new Date();
  state.queue = await withTenant(db, plan.tenantId, async (trx) => {
    const due = (from: string) =>
      trx.db
        .selectFrom('outreachMessages')
        .select('sendId')
        .where('tenantId', '=', trx.tenantId)
        .where('status', '=', 'pending')
        .where((eb) => eb.or([eb('heldUntil', 'is', null), eb('heldUntil', '<=', now)]))
        .where('sendId', '>=', from)
        .orderBy('sendId')
        .limit(BATCH)
        .execute();
    const start = `${Math.floor(Math.random() * 0xffffffff)
      .toString(16)
      .padStart(8, '0')}-0000-4000-8000-000000000000`;
    const pending = await due(start);
    if (pending.length < BATCH) pending.push(...(await due('00000000-0000-0000-0000-000000000000')));
    const interrupted = await listInterrupted(trx, new Date(now.getTime() - plan.sendingLimitMs));
    return [...interrupted.slice(0, BATCH), ...pending.map(({ sendId }) => sendId)];
  });
}

async function work(): Promise<void> {
  while (!state.isEnding) {
    try {
      if (state.queue.length === 0) await refill();
      const sendId = state.queue.pop();
      if (sendId === undefined) await sleep(50);
      else {
        state.inFlight += 1;
        await sendMessage(deps, { tenantId: plan.tenantId, sendId }).finally(() => {
          state.inFlight -= 1;
        });
      }
    } catch (error) {
      // As the workflow does: what is transient is tried again, anything else is a fault of the product.
      if (!(error instanceof ReosError) || error.code !== 'transient') tell({ failed: messageOf(error) });
    }
  }
}

let beatAt = Date.now();
const beat = setInterval(() => {
  const sleptMs = Date.now() - beatAt;
  beatAt = Date.now();
  if (sleptMs > plan.sendingLimitMs) tell({ sleptMs, inFlight: state.inFlight });
}, 50);
process.on('message', () => {
  state.isEnding = true;
});
// The run is gone: nothing is left to send for.
const orphaned = () => process.exit(1);
process.on('disconnect', orphaned);
tell('ready');
await Promise.all(Array.from({ length: plan.parallel }, work));
clearInterval(beat);
await db.close();
process.off('disconnect', orphaned);
process.disconnect();
