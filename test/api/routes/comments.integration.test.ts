import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { addProperty } from '../../support/collaboration.ts';

let api: TestApi;
let ann: Awaited<ReturnType<TestApi['as']>>;
let bob: Awaited<ReturnType<TestApi['as']>>;
let admin: Awaited<ReturnType<TestApi['as']>>;
beforeAll(async () => {
  api = await createTestApi();
  [ann, bob, admin] = [await api.as('underwriter'), await api.as('analyst'), await api.as('admin')];
});
afterAll(() => api.close());

interface Comment {
  id: string;
  parent_id: string | null;
  body: string | null;
  mentions: string[];
  author_name: string;
}
const post = async (who: typeof ann, property: string, body: Record<string, unknown>) => {
  const answer = await who('POST', `/api/v1/properties/${property}/comments`, { body });
  return { ...answer, comment: answer.body as Comment };
};
const notified = (userId: string) =>
  api.database.query<{ reference: string }>('select reference from notifications where user_id = $1', [userId]);

describe('comments', () => {
  it('are written, answered, changed by their author and told of on the timeline', async () => {
    const property = await addProperty(api);
    const { comment, status } = await post(ann, property, { body: `ask @[Bob](user:${bob.userId})` });
    expect(status).toBe(201);
    expect(comment).toMatchObject({ mentions: [bob.userId], author_name: 'A underwriter', parent_id: null });
    const answer = await post(bob, property, { body: 'roof is new', parent_id: comment.id, kind: 'note' });
    expect(answer.comment).toMatchObject({ parent_id: comment.id, kind: 'note' });

    const changed = { body: { body: `ask @[Bob](user:${bob.userId})!`, mentions: [admin.userId, ann.userId] } };
    expect((await bob('PATCH', `/api/v1/comments/${comment.id}`, changed)).status).toBe(403);
    expect((await ann('PATCH', `/api/v1/comments/${comment.id}`, changed)).status).toBe(200);
    expect(await notified(bob.userId)).toEqual([{ reference: `comment:${comment.id}` }]);
    expect(await notified(admin.userId)).toHaveLength(1);
    expect(await notified(ann.userId)).toEqual([]);

    expect((await bob('DELETE', `/api/v1/comments/${comment.id}`)).status).toBe(403);
    expect((await admin('DELETE', `/api/v1/comments/${comment.id}`)).status).toBe(204);
    expect((await admin('DELETE', `/api/v1/comments/${comment.id}`)).status).toBe(404);
    expect(await notified(bob.userId)).toEqual([]);
    const { items } = (await ann('GET', `/api/v1/properties/${property}/comments`)).body as { items: Comment[] };
    expect(items.map(({ id, body }) => [id, body])).toEqual([
      [comment.id, null],
      [answer.comment.id, 'roof is new'],
    ]);
    const events = await api.database.query<{ payload: { what: string } }>(
      'select payload from event_log where property_id = $1 order by position',
      [property],
    );
    expect(events.map(({ payload }) => payload.what)).toEqual([
      'comment.created',
      'comment.created',
      'comment.edited',
      'comment.deleted',
    ]);
    expect(JSON.stringify(events)).not.toContain('roof');
  });

  it('treat what is of another tenant as unknown, and write nothing then', async () => {
    const other = await api.addTenant('other-comments');
    const stranger = await api.as('admin', other);
    const [mine, theirs, random] = [await addProperty(api), await addProperty(api, other), randomUUID()];
    const scrub = ({ status, text }: { status: number; text: string }, id: string) =>
      `${status} ${text.replaceAll(id, 'ID').replace(/"request_id":"[^"]*"/, '')}`;
    const foreign = (await post(stranger, theirs, { body: 'secret' })).comment.id;
    const ask = async (
      id: string,
      body: (id: string) => Record<string, unknown>,
      path = `/properties/${mine}/comments`,
    ) =>
      scrub(
        await ann('POST', `/api/v1${path.replace(mine, path.includes('/x/') ? id : mine)}`, { body: body(id) }),
        id,
      );
    for (const [id, of] of [
      [stranger.userId, (user: string) => ({ body: 'x', mentions: [user] })],
      [stranger.userId, (user: string) => ({ body: `@[x](user:${user})` })],
      [foreign, (parent: string) => ({ body: 'x', parent_id: parent })],
    ] as const) {
      const answer = await ask(id, of);
      expect(answer).toMatch(/^404/);
      expect(answer).toBe(await ask(random, of));
    }
    expect((await post(ann, theirs, { body: 'x' })).status).toBe(404);
    expect((await ann('GET', `/api/v1/properties/${theirs}/comments`)).status).toBe(404);
    expect((await admin('DELETE', `/api/v1/comments/${foreign}`)).status).toBe(404);
    expect((await ann('GET', `/api/v1/properties/${mine}/comments`)).body).toEqual({ items: [], next_cursor: null });
    const elsewhere = await post(bob, await addProperty(api), { body: 'elsewhere' });
    expect((await post(ann, mine, { body: 'x', parent_id: elsewhere.comment.id })).status).toBe(404);
  });

  it('are found by their words and paged in order, even when written in the same moment', async () => {
    const property = await addProperty(api);
    for (const word of ['one', 'two', 'three']) await post(ann, property, { body: `the basements ${word}` });
    await api.database.query(`update comments set created_at = '2026-01-01T00:00:00.123456Z' where property_id = $1`, [
      property,
    ]);
    for (const path of [`/properties/${property}/comments?limit=1`, '/comments?q=basement%20-two&limit=1']) {
      const bodies: (string | null)[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const { body, status } = await ann('GET', `/api/v1${path}${cursor && `&cursor=${cursor}`}`);
        expect(status).toBe(200);
        const page = body as { items: Comment[]; next_cursor: string | null };
        bodies.push(...page.items.map((one) => one.body));
        cursor = page.next_cursor;
      }
      const words = path.includes('q=') ? ['one', 'three'] : ['one', 'three', 'two'];
      expect(bodies.sort()).toEqual(words.map((word) => `the basements ${word}`));
    }
    const forged = Buffer.from(JSON.stringify(['found', 'x', 'y'])).toString('base64url');
    expect((await ann('GET', `/api/v1/comments?q=x&cursor=${forged}`)).status).toBe(400);
    expect((await ann('GET', '/api/v1/comments?q=%22%28')).status).toBe(200);
  });

  it('are for readers to read and for commenters to write; keys write under their name', async () => {
    const property = await addProperty(api);
    const viewer = await api.as('viewer');
    expect((await post(viewer, property, { body: 'x' })).status).toBe(403);
    expect((await viewer('GET', `/api/v1/properties/${property}/comments`)).status).toBe(200);
    const key = await api.asKey(['timeline:comment']);
    const answer = await key('POST', `/api/v1/properties/${property}/comments`, { body: { body: 'from a tool' } });
    expect(answer).toMatchObject({ status: 201, body: { author_id: null, author_name: 'test' } });
    expect((await post(ann, property, { body: '  ' })).status).toBe(400);
  });
});
