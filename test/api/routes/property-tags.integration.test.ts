import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countAudience, loadAudienceProperty } from '../../../src/db/queries/campaign-audience.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { refuseProperty } from '../../../src/domain/outreach/audience.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';

let api: TestApi;
let ann: Awaited<ReturnType<TestApi['as']>>;
beforeAll(async () => {
  api = await createTestApi();
  ann = await api.as('analyst');
});
afterAll(() => api.close());

const makeTag = async (name: string, who = ann) =>
  ((await who('POST', '/api/v1/tags', { body: { name } })).body as { id: string }).id;
const tagsOf = async (property: string) =>
  ((await ann('GET', `/api/v1/properties/${property}/tags`)).body as { items: { name: string }[] }).items.map(
    ({ name }) => name,
  );

describe('tags on properties', () => {
  it('are put on and taken off once, and told of on the timeline', async () => {
    const [property, hot, cold] = [await addProperty(api), await makeTag('hot'), await makeTag('Cold')];
    for (const tag of [hot, hot, cold]) await ann('PUT', `/api/v1/properties/${property}/tags/${tag}`);
    expect(await tagsOf(property)).toEqual(['Cold', 'hot']);
    const remove = () => ann('DELETE', `/api/v1/properties/${property}/tags/${cold}`);
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 204]);
    expect(await tagsOf(property)).toEqual(['hot']);
    const events = await api.database.query<{ payload: unknown }>(
      'select payload from event_log where property_id = $1 order by position',
      [property],
    );
    expect(events.map(({ payload }) => payload)).toEqual([
      { what: 'tag.added', tag_id: hot },
      { what: 'tag.added', tag_id: cold },
      { what: 'tag.removed', tag_id: cold },
    ]);
  });

  it('are renamed, never to the name of another', async () => {
    const [first] = [await makeTag('first'), await makeTag('second')];
    const rename = (name: string) => ann('PATCH', `/api/v1/tags/${first}`, { body: { name } });
    expect(await rename('SECOND')).toMatchObject({ status: 409 });
    expect(await rename(' First ')).toMatchObject({ status: 200, body: { name: 'First', color: null } });
    expect((await rename('  ')).status).toBe(400);
  });

  it('go on many properties at once: on all, or on none when one is unknown', async () => {
    const tag = await makeTag('bulk');
    const other = await api.addTenant('other-tags');
    const [one, two, theirs] = [await addProperty(api), await addProperty(api), await addProperty(api, other)];
    const put = (ids: string[], id = tag) =>
      ann('POST', `/api/v1/tags/${id}/properties`, { body: { property_ids: ids } });
    for (const unknown of [theirs, randomUUID()]) expect((await put([one, unknown])).status).toBe(404);
    expect(await tagsOf(one)).toEqual([]);
    expect(await put([one])).toMatchObject({ status: 200, body: { tagged: 1, property_ids: [one] } });
    expect(await put([one, two, two])).toMatchObject({ status: 200, body: { tagged: 1, property_ids: [two] } });
    expect((await put(Array.from({ length: 501 }, () => one))).status).toBe(400);
    const foreignTag = await makeTag('theirs', await api.as('analyst', other));
    expect((await put([one], foreignTag)).status).toBe(404);
    expect((await ann('PUT', `/api/v1/properties/${one}/tags/${foreignTag}`)).status).toBe(404);
    expect((await ann('PUT', `/api/v1/properties/${theirs}/tags/${tag}`)).status).toBe(404);
  });

  it('choose the properties of a campaign by name, whatever the case', async () => {
    const tag = await makeTag('Campaign me');
    const [tagged, bare] = [await addProperty(api), await addProperty(api)];
    await ann('PUT', `/api/v1/properties/${tagged}/tags/${tag}`);
    await api.database.query(
      `update properties set status = 'contacted', bird_dog_score = 90 where id = any($1::uuid[])`,
      [[tagged, bare]],
    );
    const owner = randomUUID();
    await api.database.query(
      `insert into contacts (tenant_id, id, kind, name, source) values ($1, $2, 'owner', 'An owner', 'test')`,
      [api.database.tenantId, owner],
    );
    for (const property of [tagged, bare]) {
      await api.database.query(
        `insert into property_contacts (tenant_id, property_id, contact_id, source) values ($1, $2, $3, 'test')`,
        [api.database.tenantId, property, owner],
      );
    }
    const campaign = (tags: string[]) => ({
      kind: 'owner' as const,
      channel: 'email' as const,
      minScore: 60,
      countyFips: [],
      propertyTypes: [],
      contactTags: [],
      propertyTags: tags,
    });
    await withTenant(api.database.db, api.database.tenantId, async (trx) => {
      expect(await countAudience(trx, campaign([]))).toBe(2);
      expect(await countAudience(trx, campaign(['CAMPAIGN ME', 'none']))).toBe(1);
      expect(await countAudience(trx, campaign(['none']))).toBe(0);
      const [yes, no] = [await loadAudienceProperty(trx, tagged), await loadAudienceProperty(trx, bare)];
      expect(refuseProperty(campaign(['campaign me']), yes!)).toBeNull();
      expect(refuseProperty(campaign(['campaign me']), no!)).toMatchObject({ code: 'property_tags' });
    });
  });
});
