import type pg from 'pg';
import type { FakeSendGrid } from '../support/fake-sendgrid.ts';
import { CHAOS_FAULTS, type ChaosFault } from './outreach-chance.ts';
import type { OutreachScene } from './outreach-scene.ts';

/** How the product's own books compare with the provider's. */
export interface Reckoning {
  /** Posts that the provider accepted beyond the first of a send. */
  duplicates: number;
  /** Sends that are absent, in no end state, or accepted by the provider and neither sent nor unknown here. */
  lost: number;
  sent: number;
  error: number;
  unknown: number;
  /** Sends that the provider accepted. */
  accepted: number;
  /** Posts that the provider saw. */
  posts: number;
  faults: Record<ChaosFault, number>;
  /** One sentence for each thing that is not as it must be. */
  problems: string[];
}

interface Row {
  send_id: string;
  status: string;
  events: number;
  ok: number;
  open: number;
}

/** Compares every planned send with the provider's ledger, the cost ledger and the event log. */
export async function reckon(
  admin: pg.Pool,
  scene: OutreachScene,
  fake: FakeSendGrid,
  retryAfterSeconds: number,
): Promise<Reckoning> {
  const { rows } = await admin.query<Row>(
    `select m.send_id, m.status, coalesce(e.events, 0)::int as events, coalesce(l.ok, 0)::int as ok, coalesce(l.open, 0)::int as open
     from outreach_messages m
     left join (select correlation_id, count(*) as events from event_log where tenant_id = $1 and event_type = 'outreach.sent'
       group by 1) e on e.correlation_id = m.send_id::text
     left join (select reference, count(*) filter (where outcome = 'ok') as ok, count(*) filter (where outcome = 'reserved') as open
       from cost_ledger where tenant_id = $1 group by 1) l on l.reference = m.send_id::text
     where m.tenant_id = $1`,
    [scene.tenantId],
  );
  const byId = new Map(rows.map((row) => [row.send_id, row]));
  const accepted = new Set(fake.accepted);
  const inStatus = (status: string) => rows.filter((row) => row.status === status);
  const lost = scene.sendIds.filter((id) => {
    const status = byId.get(id)?.status;
    return accepted.has(id) ? status !== 'sent' && status !== 'unknown' : !isEnd(status);
  });
  const duplicates = fake.accepted.length - accepted.size;
  const problems: string[] = [];
  const mustBeNone = (count: number, words: string) => {
    if (count > 0) problems.push(`${count} ${words}`);
  };
  mustBeNone(duplicates, 'message(s) left twice.');
  mustBeNone(lost.length, `send(s) lost, such as ${lost[0]} (${byId.get(lost[0] ?? '')?.status ?? 'absent'}).`);
  mustBeNone(rows.length - scene.sendIds.length, 'send(s) that nobody planned.');
  const sent = inStatus('sent');
  mustBeNone(sent.filter((row) => !accepted.has(row.send_id)).length, 'send(s) are sent that the provider never took.');
  mustBeNone(sent.filter((row) => row.events !== 1).length, 'sent one(s) without exactly one event of it.');
  mustBeNone(sent.filter((row) => row.ok !== 1).length, 'sent one(s) that were not paid for exactly once.');
  mustBeNone(
    rows.filter((row) => row.status !== 'sent' && row.events > 0).length,
    'event(s) of sends that are not sent.',
  );
  mustBeNone(rows.filter((row) => row.open > 0).length, 'send(s) with an open reservation in the cost ledger.');
  mustBeNone(countHurried(fake, retryAfterSeconds), 'post(s) before the wait that a 429 asked for was over.');
  const faults = Object.fromEntries(
    CHAOS_FAULTS.map((fault) => [fault, fake.posts.filter((post) => post.fault === fault).length]),
  ) as Record<ChaosFault, number>;
  for (const fault of CHAOS_FAULTS) if (faults[fault] === 0) problems.push(`The fault ${fault} never fired.`);
  return {
    duplicates,
    lost: lost.length,
    sent: sent.length,
    error: inStatus('error').length,
    unknown: inStatus('unknown').length,
    accepted: accepted.size,
    posts: fake.posts.length,
    faults,
    problems,
  };
}

function isEnd(status: string | undefined): boolean {
  return status === 'sent' || status === 'error' || status === 'unknown';
}

/** Posts that came sooner after a 429 for the same send than it had asked for. */
function countHurried(fake: FakeSendGrid, retryAfterSeconds: number): number {
  const waits = new Map<string, number>();
  let hurried = 0;
  for (const { sendId, fault, at } of fake.posts) {
    if (at < (waits.get(sendId) ?? 0)) hurried += 1;
    if (fault === 'slow_down') waits.set(sendId, at + retryAfterSeconds * 1_000);
  }
  return hurried;
}
