import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBuyBox } from '../../../src/activities/outreach/contact-box.ts';
import { readContactRow } from '../../../src/activities/outreach/contact-row.ts';
import { loadPlaces } from '../../../src/config/contact-places.ts';
import { openCounties } from '../../../src/config/county-index.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { TEST_CONTACT_KEYS } from '../../support/contacts.ts';

let api: TestApi;
let ops: Awaited<ReturnType<TestApi['as']>>;
beforeAll(async () => {
  const counties = await openCounties('config');
  const places = loadPlaces('config');
  api = await createTestApi({
    ...TEST_CONTACT_KEYS,
    countySlug: (fips) => counties.byFips(fips)?.slug ?? fips,
    contactDesk: {
      readContact: (kind, field, now) => {
        const rules = { kind, places, counties: counties.all, timeZone: null, state: null, county: null, now };
        const answer = readContactRow(1, field, rules);
        if ('problems' in answer) throw new ReosError('validation', answer.problems.map((one) => one.field).join());
        return answer.candidate;
      },
      readBuyBox: (field) => {
        const problems: string[] = [];
        const box = readBuyBox(field, counties.all, (name) => problems.push(name));
        if (problems.length > 0) throw new ReosError('validation', problems.join());
        return box;
      },
      importFile: () => Promise.reject(new Error('no file comes here')),
      eraseFiles: async (_tenantId, sendIds) => sendIds.length,
    },
  });
  ops = await api.as('ops');
});
afterAll(() => api.close());

const ada = {
  kind: 'investor',
  name: 'Ada Example',
  email: 'Ada@Example.com',
  phone: '(206) 555-0142',
  street: '1 Main Street',
  city: 'Seattle',
  state: 'WA',
  zip_code: '98103',
  tags: ['Hot'],
};
const add = async (caller: typeof ops, body: unknown) => {
  const answer = await caller('POST', '/api/v1/contacts', { body });
  expect(answer.status, answer.text).toBe(201);
  return (answer.body as { contact: { id: string } }).contact.id;
};

describe('contacts', () => {
  it('are added once, changed, put away and brought back', async () => {
    const contactId = await add(ops, ada);
    const path = `/api/v1/contacts/${contactId}`;
    const again = await ops('POST', '/api/v1/contacts', { body: ada });
    expect(again.body).toMatchObject({ outcome: 'unchanged', contact: { id: contactId } });
    expect((await ops('GET', path)).body).toMatchObject({
      email: 'ada@example.com',
      phone: '+12065550142',
      time_zone: 'America/Los_Angeles',
      tags: ['hot'],
    });
    const changed = await ops('PATCH', path, { body: { phone: null, state: 'NY', city: 'Albany', zip_code: '12207' } });
    expect(changed).toMatchObject({
      status: 200,
      body: { phone: null, email: 'ada@example.com', time_zone: 'America/New_York', state: 'NY' },
    });
    const other = await add(ops, { kind: 'investor', name: 'Bob', email: 'bob@example.com', state: 'WA' });
    expect((await ops('PATCH', `/api/v1/contacts/${other}`, { body: { email: 'ada@example.com' } })).status).toBe(409);
    expect((await ops('POST', `${path}/archive`)).body).toMatchObject({ status: 'archived' });
    const archived = (await ops('GET', '/api/v1/contacts?status=archived')).body as { items: { id: string }[] };
    expect(archived.items.map(({ id }) => id)).toEqual([contactId]);
    expect((await ops('POST', `${path}/restore`)).body).toMatchObject({ status: 'active' });
    const page = (await ops('GET', '/api/v1/contacts?limit=1')).body as { items: unknown[]; next_cursor: string };
    const next = (await ops('GET', `/api/v1/contacts?limit=1&cursor=${page.next_cursor}`)).body;
    expect([page.items, next]).toMatchObject([[{}], { items: [{}], next_cursor: null }]);
  });

  it('have consents, an export, and can be forgotten for good', async () => {
    const eve = { kind: 'investor', name: 'Eve Example', email: 'eve@example.com', phone: '206-555-0188', state: 'WA' };
    const contactId = await add(ops, eve);
    const path = `/api/v1/contacts/${contactId}`;
    const granted = { channel: 'sms', status: 'granted', method: 'web form', evidence: 'entry 7' };
    expect((await ops('POST', `${path}/consents`, { body: granted })).body).toEqual({ recorded: true });
    expect((await ops('POST', `${path}/consents`, { body: { ...granted, channel: 'mail' } })).status).toBe(409);
    expect((await ops('GET', `${path}/consents`)).body).toMatchObject({
      items: [{ channel: 'sms', method: 'web form' }],
    });
    const exported = await ops('GET', `${path}/export`);
    expect(exported.body).toMatchObject({ contact: { name: 'Eve Example' }, consents: [{ evidence: 'entry 7' }] });
    expect(exported.text).not.toContain('hash');
    expect((await ops('POST', `${path}/erase`, { body: {} })).status).toBe(400);
    const erased = await ops('POST', `${path}/erase`, { body: { confirm: true } });
    expect(erased).toMatchObject({ status: 200, body: { was_erased: false, removed: { consents: 1 } } });
    expect((await ops('GET', path)).text).not.toContain('Eve');
    expect((await ops('PATCH', path, { body: { name: 'Eve' } })).status).toBe(409);
    expect(await ops('POST', '/api/v1/contacts', { body: eve })).toMatchObject({ status: 403 });
    const bob = await add(ops, { kind: 'partner', name: 'Bob', email: 'bob2@example.com', state: 'WA' });
    expect((await ops('PATCH', `/api/v1/contacts/${bob}`, { body: { email: eve.email } })).status).toBe(403);
  });

  it('have buy boxes', async () => {
    const contactId = await add(ops, { ...ada, name: 'Cy', email: 'cy@example.com', phone: null, street: null });
    const body = { contact_id: contactId, counties: ['king-wa'], max_price: 450_000.5, min_score: 60 };
    const made = await ops('POST', '/api/v1/buy-boxes', { body });
    expect(made, made.text).toMatchObject({ status: 201, body: { counties: ['king-wa'], max_price: 450_000.5 } });
    const path = `/api/v1/buy-boxes/${(made.body as { id: string }).id}`;
    expect((await ops('PUT', path, { body: { min_sqft: 900 } })).body).toMatchObject({ counties: null, min_sqft: 900 });
    expect((await ops('PUT', path, { body: { counties: ['atlantis'] } })).status).toBe(400);
    const listed = (await ops('GET', `/api/v1/buy-boxes?contact_id=${contactId}`)).body;
    expect(listed).toMatchObject({ items: [{ min_sqft: 900 }], next_cursor: null });
    expect((await ops('DELETE', path)).status).toBe(204);
    expect((await ops('DELETE', path)).status).toBe(404);
    expect((await ops('POST', '/api/v1/buy-boxes', { body: { contact_id: randomUUID() } })).status).toBe(404);
  });

  it('are not for viewers, and of another tenant are unknown', async () => {
    const viewer = await api.as('viewer');
    expect((await viewer('GET', '/api/v1/contacts')).status).toBe(403);
    expect((await viewer('GET', '/api/v1/buy-boxes')).status).toBe(403);
    const key = await api.asKey(['outreach:update']);
    const confirm = { body: { confirm: true } };
    expect((await key('POST', `/api/v1/contacts/${randomUUID()}/erase`, confirm)).status).toBe(403);
    const theirs = await add(ops, { ...ada, name: 'Dee', email: 'dee@example.com', phone: null });
    const mine = await api.as('admin', await api.addTenant('contact-others'));
    const random = randomUUID();
    for (const [method, tail, body] of [
      ['GET', '', undefined],
      ['PATCH', '', { name: 'x' }],
      ['POST', '/archive', undefined],
      ['GET', '/consents', undefined],
      ['GET', '/export', undefined],
      ['POST', '/erase', { confirm: true }],
    ] as const) {
      const ask = async (contactId: string) => {
        const { status, text, body: problem } = await mine(method, `/api/v1/contacts/${contactId}${tail}`, { body });
        const { request_id: request } = problem as { request_id: string };
        return { status, text: text.replaceAll(contactId, 'ID').replace(request, '') };
      };
      const answer = await ask(theirs);
      expect(answer, `${method} ${tail}`).toEqual(await ask(random));
      expect(answer.status).toBe(404);
    }
    expect((await mine('POST', '/api/v1/buy-boxes', { body: { contact_id: theirs } })).status).toBe(404);
    expect((await mine('GET', '/api/v1/contacts')).body).toEqual({ items: [], next_cursor: null });
    expect((await mine('GET', `/api/v1/buy-boxes?contact_id=${theirs}`)).body).toEqual({
      items: [],
      next_cursor: null,
    });
  });
});
