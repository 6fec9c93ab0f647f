import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meterStorage } from '../../../src/activities/platform/metered-store.ts';
import { pruneKind } from '../../../src/activities/platform/retention.ts';
import { PRUNED_KINDS, type PrunedKind } from '../../../src/domain/retention.ts';
import type { ObjectStore } from '../../../src/storage/object-store.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let database: TestDatabase;
let tenant: string;
let user: string;
const files = new Map<string, Buffer>();
const clock = () => new Date();

beforeAll(async () => {
  database = await createTestDatabase();
  tenant = database.tenantId;
  const [row] = await database.query<{ id: string }>(
    `insert into user_accounts (tenant_id, email, name, password_hash, role) values ($1, 'a@example.com', 'A', 'none', 'admin') returning id`,
    [tenant],
  );
  user = row!.id;
});
afterAll(() => database.close());

const bare = {
  put: async (key: string, bytes: Buffer) => void files.set(key, bytes),
  remove: async (key: string) => void files.delete(key),
} as unknown as ObjectStore;

function deps() {
  return { db: database.db, clock, storage: meterStorage({ db: database.db, clock }, bare) };
}

const prune = (kind: PrunedKind) => pruneKind(deps(), kind);

async function count(table: string, where = 'true'): Promise<number> {
  const [row] = await database.query<{ n: number }>(`select count(*)::int as n from ${table} where ${where}`);
  return row!.n;
}

describe('retention', () => {
  it('deletes kept answers after a day, in batches', async () => {
    const columns = `principal, key, request_hash, status, sealed_answer, created_at`;
    const old = `'p', 'old-' || n, 'h', 200, 's', now() - interval '25 hours' from generate_series(1, 4500) n`;
    await database.query(`insert into idempotency_keys (tenant_id, ${columns}) select '${tenant}', ${old}`);
    await database.query(
      `insert into idempotency_keys (tenant_id, ${columns}) values ('${tenant}', 'p', 'new', 'h', 200, 's', now() - interval '23 hours')`,
    );
    await database.query(
      `insert into public_idempotency_keys (${columns}) values ('register', 'old', 'h', 200, 's', now() - interval '2 days')`,
    );
    expect(await prune('idempotency_keys')).toEqual({ deleted: 4_501, isCut: false });
    expect(await database.query('select key from idempotency_keys')).toEqual([{ key: 'new' }]);
    expect(await count('public_idempotency_keys')).toBe(0);
  });

  it('deletes what expired, was decided, delivered or sent long ago, and nothing that waits', async () => {
    for (const days of [2, -5]) {
      await database.query(
        `insert into refresh_tokens (tenant_id, user_id, family, token_hash, expires_at)
         values ($1, $2, gen_random_uuid(), $3, now() - $4 * interval '1 day')`,
        [tenant, user, `h${days}`, days],
      );
    }
    for (const days of [31, 1]) {
      await database.query(
        `insert into invitations (tenant_id, email, role, token_hash, expires_at)
         values ($1, $2, 'viewer', $2, now() - $3 * interval '1 day')`,
        [tenant, `i${days}@example.com`, days],
      );
    }
    for (const days of [366, 364]) {
      await database.query(
        `insert into policy_decisions (tenant_id, actor, action, resource, allow, reason, decided_at)
         values ($1, 'a', 'b:c', 'd', true, 'e', now() - $2 * interval '1 day')`,
        [tenant, days],
      );
    }
    for (const [status, days] of [
      ['sent', 91],
      ['sent', 89],
      ['pending', 91],
      ['sending', 91],
    ] as const) {
      await database.query(
        `insert into user_mails (tenant_id, user_id, reference, subject, body, status, created_at)
         values ($1, $2, $3, 's', 'b', $4, now() - $5 * interval '1 day')`,
        [tenant, user, `${status}${days}`, status, days],
      );
    }
    await database.query(
      `insert into login_attempts (key_hash, failures, window_started_at, blocked_until)
       values ('a', 1, now() - interval '2 days', null), ('b', 1, now() - interval '2 days', now() + interval '1 hour')`,
    );
    for (const kind of ['refresh_tokens', 'invitations', 'policy_decisions', 'user_mails', 'login_attempts'] as const) {
      expect(await prune(kind), kind).toEqual({ deleted: 1, isCut: false });
      expect(await prune(kind), kind).toEqual({ deleted: 0, isCut: false });
    }
    const left = await database.query<{ reference: string }>('select reference from user_mails order by 1');
    expect(left.map(({ reference }) => reference)).toEqual(['pending91', 'sending91', 'sent89']);
  });

  it('deletes files of old reports, gives their bytes back, and keeps the runs', async () => {
    const { storage } = deps();
    const [report] = await database.query<{ id: string }>(
      `insert into scheduled_reports (tenant_id, name, kind, frequency, hour, time_zone, recipients, next_run_at, created_by)
       values ($1, 'r', 'pipeline', 'daily', 7, 'Etc/UTC', array[$2::uuid], now(), $2) returning id`,
      [tenant, user],
    );
    for (const days of [91, 1]) {
      const key = `tenants/${tenant}/reports/${days}.csv`;
      await storage.put(key, Buffer.from('12345'), 'text/csv');
      await database.query(
        `insert into report_runs (tenant_id, report_id, period, status, file_key, finished_at)
         values ($1, $2, $3, 'done', $4, now() - $5 * interval '1 day')`,
        [tenant, report!.id, `p${days}`, key, days],
      );
    }
    expect(await prune('report_files')).toEqual({ deleted: 1, isCut: false });
    expect([...files.keys()]).toEqual([`tenants/${tenant}/reports/1.csv`]);
    expect(await count('report_runs')).toBe(2);
    expect(await count('report_runs', 'file_key is null')).toBe(1);
    const [used] = await database.query(`select amount::int from usage_meters where meter = 'storage_bytes'`);
    expect(used).toEqual({ amount: 5 });
  });

  it('drops old events, and never an entry of the audit log', async () => {
    for (const days of [2_000, 10]) {
      await database.query(
        `insert into event_log (tenant_id, event_type, subject, correlation_id, payload, metadata, "timestamp")
         values ($1, 'tag_added', 'event.timeline.updated', 'c', '{}', '{}', now() - $2 * interval '1 day')`,
        [tenant, days],
      );
    }
    const audited = await count('audit_log');
    for (const kind of PRUNED_KINDS) await prune(kind);
    expect(await count('event_log')).toBe(1);
    expect(await count('audit_log')).toBe(audited);
  });
});
