import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';
import { addTestContact, TEST_CONTACT_KEYS } from '../../support/contacts.ts';

let api: TestApi;
let property: string;
beforeAll(async () => {
  api = await createTestApi({ ...TEST_CONTACT_KEYS });
  property = await addProperty(api);
});
afterAll(() => api.close());

interface Found {
  items: { kind: string; id: string; text: string }[];
  tags: { name: string }[];
  contacts: { name: string }[];
  next_cursor: string | null;
}
type Caller = Awaited<ReturnType<TestApi['as']>>;
const find = async (who: Caller, query: string) => (await who('GET', `/api/v1/search?${query}`)).body as Found;

async function write(tenantId: string, propertyId: string, count: number, text: string) {
  await api.database.query(
    `insert into comments (tenant_id, property_id, author_name, kind, body, created_at)
     select $1, $2, 'Ann', case when n % 2 = 0 then 'note' else 'comment' end, $4 || n,
       timestamptz '2026-01-01' + (n / 3) * interval '1 second' from generate_series(1, $3) n`,
    [tenantId, propertyId, count, text],
  );
}

describe('the search of what people wrote', () => {
  it('finds every comment, however old, page by page and nothing twice', async () => {
    const admin = await api.as('admin');
    await write(api.database.tenantId, property, 12_000, 'fence number ');
    await write(api.database.tenantId, property, 25, 'leaking gutter ');
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await find(admin, `q=gutters&limit=10${cursor}`);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toHaveLength(25);
    expect(new Set(seen).size).toBe(25);
    expect((await find(admin, 'q=gutter&in=notes&limit=50')).items.every(({ kind }) => kind === 'note')).toBe(true);
    expect((await find(admin, 'q=gutter -leaking')).items).toEqual([]);
    const old = (await admin('GET', '/api/v1/comments?q="leaking gutter 7"')).body as { items: { body: string }[] };
    expect(old.items).toMatchObject([{ body: 'leaking gutter 7' }]);
  });

  it('uses the index over the words under the role of the API', async () => {
    await api.database.query('analyze comments');
    const plan = await api.database.query<{ 'QUERY PLAN': string }>(
      `explain select id from comments c where c.deleted_at is null and c.tenant_id = $1
         and note_words(c.tenant_id, c.body) @@ (quote_literal($1::text)::tsquery && websearch_to_tsquery('english', 'gutter'))`,
      [api.database.tenantId],
    );
    expect(plan.map((row) => row['QUERY PLAN']).join(' ')).toContain('comments_by_words');
  });

  it('stays in the tenant, and shows contacts to whom they are shown', async () => {
    const other = await api.addTenant('other');
    const foreign = await addProperty(api, other);
    await write(other, foreign, 1, 'secret gutter ');
    await addTestContact(api.database.db, api.database.tenantId, {
      name: 'Gunter Gutter',
      email: 'gunter@example.com',
    });
    const [admin, stranger] = [await api.as('admin'), await api.as('admin', other)];
    const own = await find(admin, 'q=gutter&limit=200');
    expect(own.items.some(({ text }) => text.includes('secret'))).toBe(false);
    expect(own.contacts).toMatchObject([{ name: 'Gunter Gutter' }]);
    expect(await find(stranger, 'q=gutter')).toMatchObject({ items: [{ text: 'secret gutter 1' }], contacts: [] });
    const reader = await api.asKey(['timeline:read']);
    const bare = await reader('GET', '/api/v1/search?q=gutter&limit=1');
    expect(bare).toMatchObject({ status: 200, body: { contacts: [] } });
    expect((await reader('GET', '/api/v1/search?q=gutter&in=contacts')).status).toBe(403);
    expect((await admin('GET', '/api/v1/search?q=gutter&in=walls')).status).toBe(400);
    expect((await admin('GET', '/api/v1/search?q=gutter&cursor=none')).status).toBe(400);
  });
});
