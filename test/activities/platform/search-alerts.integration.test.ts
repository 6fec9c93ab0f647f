import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLocalOutbox } from '../../../src/activities/outreach/local-outbox.ts';
import { alertRound, sendDigests } from '../../../src/activities/platform/search-alerts.ts';
import { postUserMails, type UserMailDeps } from '../../../src/activities/platform/user-mails.ts';
import { appendEvent } from '../../../src/db/queries/events.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let api: TestApi;
let outboxDir: string;
let mails: UserMailDeps;
beforeAll(async () => {
  api = await createTestApi();
  outboxDir = temporaryFolder('reos-alerts-');
  const outbox = createLocalOutbox({ outboxDir });
  mails = {
    db: api.database.db,
    clock: () => new Date(Date.now() + 1_000),
    logger: pino({ level: 'silent' }),
    channels: { email: outbox, sms: outbox, mail: outbox },
    isProduction: false,
    allowList: [],
    publicUrl: 'http://127.0.0.1:8000',
    store: { get: async () => null, signedUrl: async () => '/files/none' },
  };
  await round();
});
afterAll(() => api.close());

/** A transaction of any database on the server holds events back, so that none is passed over. */
const allReadable = () =>
  vi.waitUntil(
    async () => {
      const [row] = await api.database.query<{ ok: boolean }>(
        `select coalesce(bool_and(xid < pg_snapshot_xmin(pg_current_snapshot())), true) as ok from event_log`,
      );
      return row!.ok;
    },
    { timeout: 10_000 },
  );
const round = async () => {
  await allReadable();
  while ((await alertRound({ db: api.database.db })) > 0);
};
const tell = (propertyId: string, tenantId = api.database.tenantId) =>
  withTenant(api.database.db, tenantId, (trx) =>
    appendEvent(trx, {
      eventType: 'property.scored',
      propertyId,
      correlationId: 'test',
      payload: {},
      source: 'score',
    }),
  );
const titles = async (who: Awaited<ReturnType<TestApi['as']>>) =>
  ((await who('GET', '/api/v1/notifications')).body as { items: { title: string }[] }).items.map(({ title }) => title);
const save = (who: Awaited<ReturnType<TestApi['as']>>, body: object) => who('POST', '/api/v1/saved-searches', { body });
const outbox = async () => {
  const folder = join(outboxDir, api.database.tenantId);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
};

describe('alerts of saved searches', () => {
  it('tell the owner once of each property that comes to fit, and again when its price changed', async () => {
    const ann = await api.as('analyst');
    const known = await addProperty(api, undefined, { city: 'Ajo', listPriceCents: 5_000_000 });
    await save(ann, { name: 'Ajo', filter: { city: 'Ajo', max_price: 100_000 }, alert: 'instant', email: true });
    const fresh = await addProperty(api, undefined, { city: 'Ajo', listPriceCents: 7_000_000 });
    const dear = await addProperty(api, undefined, { city: 'Ajo', listPriceCents: 70_000_000 });
    for (const id of [known, fresh, dear, fresh]) await tell(id);
    await round();
    expect(await titles(ann)).toEqual([`New match for “Ajo”: Parcel ${fresh}, Ajo · $70,000`]);
    await tell(fresh);
    await round();
    expect(await titles(ann)).toHaveLength(1);
    await api.database.query('update properties set list_price_cents = 6000000 where id in ($1, $2)', [fresh, dear]);
    for (const id of [fresh, dear]) await tell(id);
    await round();
    expect(await titles(ann)).toHaveLength(3);
    expect(await postUserMails(mails, api.database.tenantId)).toBe(2);
    expect(await postUserMails(mails, api.database.tenantId)).toBe(0);
    const sent = await outbox();
    expect(sent).toHaveLength(2);
    // Long lines of a mail are folded.
    expect(sent.join('\n').replaceAll('=\r\n', '')).toContain(`Parcel ${fresh}, Ajo`);
  });

  it('read twice tell nothing twice', async () => {
    const bob = await api.as('viewer');
    await save(bob, { name: 'Bisbee', filter: { city: 'Bisbee' }, alert: 'instant' });
    await tell(await addProperty(api, undefined, { city: 'Bisbee' }));
    await round();
    await api.database.query(`update event_cursors set xid = '0', position = 0 where reader = 'search-alerts'`);
    await round();
    expect(await titles(bob)).toHaveLength(1);
  });

  it('tell of many at once together, and never of another tenant’s', async () => {
    const cal = await api.as('analyst');
    await save(cal, { name: 'Yuma', filter: { city: 'Yuma' }, alert: 'instant' });
    const other = await api.addTenant('others');
    await tell(await addProperty(api, other, { city: 'Yuma' }), other);
    for (let n = 0; n < 21; n += 1) await tell(await addProperty(api, undefined, { city: 'Yuma' }));
    await round();
    expect(await titles(cal)).toEqual(['21 new matches for “Yuma”']);
  });

  it('wait for the digest of the morning in the tenant’s time', async () => {
    const dee = await api.as('analyst');
    await save(dee, { name: 'Globe', filter: { city: 'Globe' }, alert: 'daily', email: true });
    await api.database.query(`update saved_searches set alerted_until = '2026-03-07T13:00:00Z' where user_id = $1`, [
      dee.userId,
    ]);
    await tell(await addProperty(api, undefined, { city: 'Globe' }));
    await round();
    expect(await titles(dee)).toEqual([]);
    const digest = (iso: string) => sendDigests({ db: api.database.db }, api.database.tenantId, new Date(iso));
    // New York is at UTC-5 until the 8th of March, then at UTC-4.
    expect(await digest('2026-03-07T11:59:00Z')).toBe(0);
    expect(await digest('2026-03-08T10:59:00Z')).toBe(0);
    expect(await digest('2026-03-08T11:00:00Z')).toBe(1);
    expect(await digest('2026-03-08T18:00:00Z')).toBe(0);
    expect(await titles(dee)).toEqual(['1 new match for “Globe”']);
  });

  it('are not mailed to a user who was disabled', async () => {
    const eve = await api.as('analyst');
    await save(eve, { name: 'Eloy', filter: { city: 'Eloy' }, alert: 'instant', email: true });
    await tell(await addProperty(api, undefined, { city: 'Eloy' }));
    await round();
    await api.database.query(`update user_accounts set status = 'disabled' where id = $1`, [eve.userId]);
    await postUserMails(mails, api.database.tenantId);
    const rows = await api.database.query('select status, error from user_mails where user_id = $1', [eve.userId]);
    expect(rows).toEqual([{ status: 'dropped', error: 'The user is disabled.' }]);
  });
});
