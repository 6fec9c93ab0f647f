import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendEvents } from '../../../src/db/queries/events.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';

let api: TestApi;
let ann: Awaited<ReturnType<TestApi['as']>>;
let property: string;
beforeAll(async () => {
  api = await createTestApi();
  ann = await api.as('analyst');
  property = await addProperty(api);
  await score([property]);
  await ann('POST', `/api/v1/properties/${property}/comments`, { body: { body: 'Ask for the roof.' } });
  const tag = (await ann('POST', '/api/v1/tags', { body: { name: 'hot' } })).body as { id: string };
  await ann('PUT', `/api/v1/properties/${property}/tags/${tag.id}`);
});
afterAll(() => api.close());

const score = (ids: string[], tenantId = api.database.tenantId) =>
  withTenant(api.database.db, tenantId, (trx) =>
    appendEvents(
      trx,
      ids.map((propertyId) => ({
        eventType: 'property.scored' as const,
        propertyId,
        correlationId: 'test',
        payload: { score: 80 },
        source: 'score',
      })),
    ),
  );
interface Page {
  items: { id: string; what: string; summary: string; actor: object; property: object }[];
  next_cursor: string | null;
}
const feed = async (query = '', who = ann) => (await who('GET', `/api/v1/activity${query}`)).body as Page;

describe('the activity feed', () => {
  it('tells who did what to which property, newest first, to a viewer too', async () => {
    const { items } = await feed('', await api.as('viewer'));
    expect(items.slice(0, 3).map(({ what }) => what)).toEqual(['tag.added', 'comment.created', 'property.scored']);
    expect(items[1]).toMatchObject({
      summary: 'A analyst: wrote a comment',
      actor: { kind: 'user', id: ann.userId, name: 'A analyst' },
      property: { id: property, label: `Parcel ${property}, Mesa` },
    });
    expect(items[2]).toMatchObject({ summary: 'The system: scored the property', actor: { kind: 'system', id: null } });
  });

  it('is narrowed by actor, type, property and time', async () => {
    const other = await addProperty(api);
    await score([other]);
    const whats = async (query: string) => (await feed(query)).items.map(({ what }) => what);
    expect(await whats(`?actor_id=${ann.userId}`)).toEqual(['tag.added', 'comment.created']);
    expect(await whats('?type=comment.created')).toEqual(['comment.created']);
    expect(await whats('?type=property.scored')).toEqual(['property.scored', 'property.scored']);
    expect(await whats(`?property_id=${other}`)).toEqual(['property.scored']);
    expect(await whats(`?since=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`)).toEqual([]);
  });

  it('comes in pages that hold everything once while more is written', async () => {
    const many = await Promise.all(Array.from({ length: 7 }, () => addProperty(api)));
    await score(many);
    const all = (await feed('?limit=200')).items.map(({ id }) => id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await feed(`?limit=3${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      await score([property]);
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all);
  });

  it('holds nothing of another tenant, and is closed to roles without the timeline', async () => {
    const tenant = await api.addTenant('elsewhere');
    const theirs = await addProperty(api, tenant);
    await score([theirs], tenant);
    expect((await feed(`?property_id=${theirs}`)).items).toEqual([]);
    expect((await feed('', await api.as('viewer', tenant))).items).toHaveLength(1);
    const ops = await api.as('ops');
    expect((await ops('GET', '/api/v1/activity')).status).toBe(403);
    expect((await ann('GET', '/api/v1/activity?cursor=WyJhY3Rpdml0eSIsIngiXQ')).status).toBe(400);
  });
});
