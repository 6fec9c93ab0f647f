import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, appendAudit, eraseAuditSubject, listAudit } from '../../../src/db/queries/audit.ts';
import { verifyAudit } from '../../../src/db/queries/audit-verify.ts';
import { type TenantTrx, withTenant } from '../../../src/db/tenant.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

const SUBJECT = '11111111-1111-4111-8111-111111111111';
const ENTRIES = 5;

let database: TestDatabase;
let tenantId: string;
const inTenant = <T>(fn: (trx: TenantTrx) => Promise<T>) => withTenant(database.db, tenantId, fn);

const entry = (number: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  at: new Date(Date.UTC(2026, 0, 1, 12, 0, number)),
  actorKind: 'user',
  actorId: 'u-1',
  action: 'timeline:update',
  resource: `deleteTag:${number}`,
  outcome: 'ok',
  requestId: `r-${number}`,
  subjectId: null,
  detail: { fields: ['name', 'color'], number },
  ...more,
});

/** Runs SQL as superuser with every trigger off. */
const tamper = async (...statements: string[]) => {
  await database.query(
    `do $do$ begin set local session_replication_role = replica; ${statements.join('; ')}; end $do$`,
  );
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

beforeEach(async () => {
  const [row] = await database.query<{ id: string }>(
    `insert into tenants (slug, name) values (gen_random_uuid()::text, 'One test') returning id`,
  );
  tenantId = row!.id;
  for (let number = 1; number <= ENTRIES; number += 1) {
    await inTenant((trx) => appendAudit(trx, entry(number, number === 2 ? { subjectId: SUBJECT } : {})));
  }
});

describe('the audit chain', () => {
  it('is whole, also when many write at once, and when it is empty', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => inTenant((trx) => appendAudit(trx, entry(10 + n)))));
    expect(await inTenant(verifyAudit)).toEqual({ ok: true, entries: 25, firstBroken: null, reason: null });
    const [empty] = await database.query<{ id: string }>(
      `insert into tenants (slug, name) values (gen_random_uuid()::text, 'Empty') returning id`,
    );
    expect(await withTenant(database.db, empty!.id, verifyAudit)).toMatchObject({ ok: true, entries: 0 });
  });

  it('leaves no entry of a transaction that failed', async () => {
    const failed = inTenant(async (trx) => {
      await appendAudit(trx, entry(6));
      throw new Error('the write failed');
    });
    await expect(failed).rejects.toThrow('the write failed');
    expect(await inTenant(verifyAudit)).toMatchObject({ ok: true, entries: ENTRIES });
  });

  it.each([
    ['at', `at + interval '1 microsecond'`],
    ['actor_kind', `'system'`],
    ['actor_id', `'u-2'`],
    ['action', `'tenant:update'`],
    ['resource', `'deleteTag:7'`],
    ['outcome', `'refused'`],
    ['request_id', 'null'],
    ['subject_id', 'gen_random_uuid()'],
    ['detail', `'{"fields": []}'`],
    ['detail', 'null'],
    ['detail_salt', `'00'`],
    ['detail_salt', 'null'],
    ['detail_hash', `md5('x')`],
    ['previous_hash', `md5('x')`],
    ['hash', `md5('x')`],
  ])('finds a changed %s (%s) in any row', async (column, value) => {
    for (let seq = 1; seq <= ENTRIES; seq += 1) {
      const where = `where tenant_id = '${tenantId}' and seq = ${seq}`;
      await tamper(
        `create temp table kept as select * from audit_log ${where}`,
        `update audit_log set ${column} = ${value} ${where}`,
      );
      expect(await inTenant(verifyAudit)).toMatchObject({ ok: false, entries: seq - 1, firstBroken: seq });
      await tamper(`delete from audit_log ${where}`, `insert into audit_log select * from kept`, 'drop table kept');
    }
    expect(await inTenant(verifyAudit)).toMatchObject({ ok: true });
  });

  it('finds a deleted row, the last and all among them', async () => {
    for (let seq = 1; seq <= ENTRIES; seq += 1) {
      const where = `where tenant_id = '${tenantId}' and seq = ${seq}`;
      await tamper(`create temp table kept as select * from audit_log ${where}`, `delete from audit_log ${where}`);
      expect(await inTenant(verifyAudit)).toMatchObject({ ok: false, firstBroken: seq });
      await tamper(`insert into audit_log select * from kept`, 'drop table kept');
    }
    await tamper(`delete from audit_log where tenant_id = '${tenantId}'`);
    expect(await inTenant(verifyAudit)).toMatchObject({ ok: false, entries: 0, firstBroken: 1 });
  });

  it('finds a row that was put in, before, behind or between', async () => {
    const copy = (from: number, to: number) =>
      `insert into audit_log select tenant_id, ${to}, at, actor_kind, actor_id, action, resource, outcome, request_id,
        subject_id, detail, detail_salt, detail_hash, previous_hash, hash from audit_log
        where tenant_id = '${tenantId}' and seq = ${from}`;
    for (const to of [0, -7, ENTRIES + 1, ENTRIES + 9]) {
      await tamper(copy(1, to));
      expect(await inTenant(verifyAudit)).toMatchObject({ ok: false });
      await tamper(`delete from audit_log where tenant_id = '${tenantId}' and seq = ${to}`);
    }
    await tamper(
      `update audit_log set seq = seq + 100 where tenant_id = '${tenantId}' and seq > 2`,
      copy(2, 3),
      `update audit_log set seq = seq - 99 where tenant_id = '${tenantId}' and seq > 100`,
    );
    expect(await inTenant(verifyAudit)).toMatchObject({ ok: false, firstBroken: 3 });
  });

  it('finds rows that changed places', async () => {
    await tamper(
      `update audit_log set seq = 99 where tenant_id = '${tenantId}' and seq = 2`,
      `update audit_log set seq = 2 where tenant_id = '${tenantId}' and seq = 4`,
      `update audit_log set seq = 4 where tenant_id = '${tenantId}' and seq = 99`,
    );
    expect(await inTenant(verifyAudit)).toMatchObject({ ok: false, firstBroken: 2 });
  });

  it('stays verifiable when a person’s details are erased', async () => {
    expect(await inTenant((trx) => eraseAuditSubject(trx, SUBJECT))).toBe(1);
    expect(await inTenant((trx) => eraseAuditSubject(trx, SUBJECT))).toBe(0);
    expect(await inTenant(verifyAudit)).toMatchObject({ ok: true, entries: ENTRIES });
    const rows = await inTenant((trx) => listAudit(trx, { limit: 10, beforeSeq: undefined }));
    expect(rows.map(({ seq, detail }) => [seq, detail === null])).toEqual([
      [5, false],
      [4, false],
      [3, false],
      [2, true],
      [1, false],
    ]);
  });

  it('cannot be changed through the product’s own door', async () => {
    const change = inTenant((trx) =>
      trx.db.updateTable('auditLog').set({ actorId: 'nobody' }).where('tenantId', '=', tenantId).execute(),
    );
    await expect(change).rejects.toThrow(/never changed/);
    const removal = inTenant((trx) => trx.db.deleteFrom('auditLog').where('tenantId', '=', tenantId).execute());
    await expect(removal).rejects.toThrow(/never deleted/);
  });
});
