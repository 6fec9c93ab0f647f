import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, SCHEMA_DIR } from '../../src/db/migrate.ts';
import { appendEvents } from '../../src/db/queries/events.ts';
import { withSystem, withTenant } from '../../src/db/tenant.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';

const NEW = '0016_event_log_partitions_and_webhooks.sql';
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const insertAt = (at: string) =>
  database.query(
    `insert into event_log (tenant_id, event_type, subject, "timestamp", correlation_id)
     values ($1, 'timeline.updated', 'event.timeline.updated', $2, 'test')`,
    [database.tenantId, at],
  );
const places = () =>
  database.query<{ place: string; count: number }>(
    `select tableoid::regclass::text as place, count(*)::int as count from event_log group by 1 order by 1`,
  );
const asSystem = <T>(text: string) =>
  withSystem(
    database.db,
    'test',
    async ({ db }) => (await sql<{ value: T }>`${sql.raw(text)}`.execute(db)).rows[0]!.value,
  );

describe('the migration to partitions', () => {
  it('keeps every row with its place and id, and gives new positions behind all that were given', async () => {
    const empty = await createEmptyDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'reos schema '));
    const client = new pg.Client({ connectionString: empty.adminUrl });
    await client.connect();
    try {
      cpSync(SCHEMA_DIR, folder, { recursive: true });
      rmSync(join(folder, NEW));
      await migrate(empty.adminUrl, folder);
      const tenant = `insert into tenants (slug, name) values ('t', 'T') returning id`;
      const tenantId = (await client.query(tenant)).rows[0].id;
      await client.query(
        `insert into event_log (tenant_id, event_type, subject, "timestamp", correlation_id, payload)
         select $1, 'timeline.updated', 'event.timeline.updated', now() - n * interval '9 days', 'c', jsonb_build_object('n', n)
         from generate_series(0, 299) n`,
        [tenantId],
      );
      const print = `select md5(string_agg(e::text, '|' order by position)) as print, count(*)::int as n from
        (select tenant_id, position, xid, event_id, event_type, "timestamp", correlation_id, payload from event_log) e`;
      const before = (await client.query(print)).rows[0];
      // Positions of transactions that were rolled back are gone for good.
      await client.query('begin');
      const insert = `insert into event_log (tenant_id, event_type, subject, correlation_id)
        values ($1, 'timeline.updated', 'event.timeline.updated', 'c') returning position`;
      const lost = Number((await client.query(insert, [tenantId])).rows[0].position);
      await client.query('rollback');
      expect((await migrate(empty.adminUrl)).applied).toEqual([NEW]);
      expect((await client.query(print)).rows[0]).toEqual(before);
      expect(before.n).toBe(300);
      expect(Number((await client.query(insert, [tenantId])).rows[0].position)).toBe(lost + 1);
      // Seven years of rows: those older than five years are in the default partition, all others in their months.
      const { rows } = await client.query(`select count(distinct tableoid)::int as n from event_log`);
      expect(rows[0].n).toBeGreaterThan(55);
    } finally {
      await client.end();
      rmSync(folder, { recursive: true, force: true });
      await empty.drop();
    }
  });
});

describe('the partitions of the event log', () => {
  it('take events through the table, and no role reaches them directly', async () => {
    await withTenant(database.db, database.tenantId, (trx) =>
      appendEvents(trx, [
        { eventType: 'timeline.updated', propertyId: null, correlationId: 'c', payload: {}, source: 'test' },
      ]),
    );
    const place = (await places())[0]!.place;
    expect(place).toMatch(/^event_log_\d{4}_\d\d$/);
    const own = withTenant(database.db, database.tenantId, ({ db }) => sql.raw(`select 1 from ${place}`).execute(db));
    await expect(own).rejects.toThrow(/permission denied/);
    await expect(asSystem(`select 1 as value from ${place}`)).rejects.toThrow(/permission denied/);
  });

  it('are made ahead, and take over what the default one held meanwhile, for every tenant', async () => {
    await database.query(`insert into tenants (id, slug, name) values (gen_random_uuid(), 'second', 'Second')`);
    const later = new Date();
    later.setUTCDate(15);
    later.setUTCMonth(later.getUTCMonth() + 5);
    await insertAt(later.toISOString());
    await database.query(
      `insert into event_log (tenant_id, event_type, subject, "timestamp", correlation_id)
       select id, 'timeline.updated', 'event.timeline.updated', $1, 'test' from tenants where slug = 'second'`,
      [later.toISOString()],
    );
    expect((await places()).find(({ place }) => place === 'event_log_default')?.count).toBe(2);
    const name = `event_log_${later.toISOString().slice(0, 7).replace('-', '_')}`;
    const until = await asSystem<string>('select extend_event_log(6)::text as value');
    expect(until > later.toISOString().slice(0, 10)).toBe(true);
    const after = await places();
    expect(after.find(({ place }) => place === name)?.count).toBe(2);
    expect(after.some(({ place }) => place === 'event_log_default')).toBe(false);
    expect(await asSystem<string>('select extend_event_log(6)::text as value')).toBe(until);
    const [bound] = await database.query(
      `select bool_and(relrowsecurity and relforcerowsecurity) as all from pg_class where relname like 'event_log%' and relkind in ('r', 'p')`,
    );
    expect(bound).toEqual({ all: true });
  });

  it('go by months when their time is over, and never the last 31 days', async () => {
    await insertAt('2020-03-10T00:00:00Z');
    await database.query(
      `begin; set local role reos_owner; select add_event_partition('2020-03-01'), add_event_partition('2020-04-01'); commit`,
    );
    await insertAt('2020-04-10T00:00:00Z');
    await insertAt('2019-01-10T00:00:00Z');
    const dropped = await asSystem<string[]>(`select drop_events_before('2020-04-20') as value`);
    expect(dropped).toEqual(['event_log_2020_03']);
    const left = (await places()).map(({ place }) => place);
    expect(left).toContain('event_log_2020_04');
    expect(left).not.toContain('event_log_default');
    await expect(asSystem(`select drop_events_before(now() - interval '30 days') as value`)).rejects.toThrow(/31 days/);
    await expect(asSystem('select extend_event_log(0) as value')).rejects.toThrow(/1 to 24 months/);
  });

  it('are read in order across months, each by its index', async () => {
    const plan = await withSystem(database.db, 'test', async ({ db }) => {
      await sql`set local enable_seqscan = off; set local enable_bitmapscan = off`.execute(db);
      return sql<Record<string, string>>`explain select * from event_log
        where (xid, position) > ('1'::xid8, 1) order by xid, position limit 500`.execute(db);
    });
    const text = plan.rows.map((row) => Object.values(row)[0]).join('\n');
    expect(text).toMatch(/Merge Append/);
    expect(text).not.toMatch(/Sort Key: .*\n\s+->\s+Seq Scan/);
  });
});
