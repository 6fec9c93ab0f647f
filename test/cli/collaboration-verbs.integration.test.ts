import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addProperty } from '../support/collaboration.ts';
import { type RemoteCli, startRemoteCli } from '../support/remote-cli.ts';

let cli: RemoteCli;
let property: string;
let ann: Awaited<ReturnType<RemoteCli['api']['as']>>;
const ANN = 'analyst-1@example.com';

beforeAll(async () => {
  cli = await startRemoteCli();
  ann = await cli.api.as('analyst');
  property = await addProperty(cli.api, undefined, { city: 'Elma', listPriceCents: 30_000_000 });
  await cli.api.database.query("update properties set address = '12 Corner Street' where id = $1", [property]);
  await addProperty(cli.api, undefined, { city: 'Tucson', listPriceCents: 90_000_000 });
});
afterAll(() => cli.close());

/** The answer of both ways, which must be the same. */
async function both(...args: string[]) {
  const [near, far] = [await cli.here(...args), await cli.there(...args)];
  expect([args, near.code, near.json]).toEqual([args, 0, far.json]);
  return near.json;
}

async function done(...args: string[]) {
  const answer = await cli.there(...args);
  expect([args, answer.code, answer.stderr]).toEqual([args, 0, expect.any(String)]);
  return answer.json;
}

describe('verbs of properties and of people', () => {
  it('search, list, show and export properties', async () => {
    expect(await both('search', 'corner', 'street', '--max-price', '450k', '--facets')).toMatchObject({
      total_count: 1,
      properties: [{ id: property }],
      facets: { city: [{ value: 'Elma', count: 1 }] },
    });
    expect((await both('property', 'list', '--sort', '-list_price')).properties).toHaveLength(2);
    expect(await both('property', 'show', property)).toMatchObject({ id: property, city: 'Elma' });
    expect(await both('property', 'timeline', property)).toMatchObject({ property_id: property, events: [] });
    const out = join(cli.home, 'found.csv');
    expect(await done('property', 'export', 'corner', '--out', out)).toMatchObject({ file: out, rows: 1 });
    expect((await readFile(out, 'utf8')).split('\r\n')[1]).toContain('12 Corner Street');
    expect(await cli.here('property', 'export', '--city', 'Nowhere', '--out', out)).toMatchObject({
      json: { rows: 0 },
    });
    for (const args of [
      ['search', 'x', '--min-price', 'cheap'],
      ['search', 'x', '--status', 'lost'],
      ['search', 'x', '--sort', 'id'],
      ['search', '--semantic'],
    ]) {
      expect(await cli.there(...args)).toMatchObject({ code: 2, json: { error: { code: 'validation' } } });
    }
    expect(await cli.there('search', 'x', '--tag', 'none')).toMatchObject({ code: 4 });
    expect(await cli.here('search', 'quiet', '--semantic')).toMatchObject({ code: 3 });
  });

  it('tag, assign, comment, and tell what happened', async () => {
    await done('tag', 'add', 'hot', '--color', '#1a7f37');
    expect(await cli.here('tag', 'put', 'hot', property)).toMatchObject({ code: 0, json: { tagged: 1 } });
    expect(await both('tag', 'list', property)).toMatchObject({ tags: [{ name: 'hot', color: '#1a7f37' }] });
    expect((await both('search', '--tag', 'Hot')).properties).toHaveLength(1);

    await done('assign', 'set', property, ANN, '--note', 'Call', '--due', '2027-01-01');
    expect(await cli.here('assign', 'set', property, ANN, '--done')).toMatchObject({ json: { note: 'Call' } });
    expect(await both('assign', 'list', '--property', property)).toMatchObject({
      assignments: [{ user_id: ann.userId, note: 'Call', completed_at: expect.any(String) }],
    });
    expect((await both('assign', 'list', '--user', ANN, '--open')).assignments).toEqual([]);
    expect(await cli.there('assign', 'list')).toMatchObject({ code: 2 });

    const { id } = await done('comment', 'add', property, 'The roof is new', '--mention', ANN);
    await cli.here('comment', 'add', property, 'Good', '--to', id);
    expect((await both('comment', 'list', property)).comments).toHaveLength(2);
    expect((await both('notification', 'list', '--user', ANN, '--unread')).notifications).toMatchObject([
      { kind: 'mention' },
      { kind: 'assignment' },
    ]);
    expect(await done('notification', 'read', '--all', '--user', ANN)).toEqual({ read: 2 });
    expect(await cli.there('notification', 'list')).toMatchObject({ code: 1, json: { error: { code: 'forbidden' } } });
    expect(await both('search', 'roof', '--in', 'all')).toMatchObject({
      items: [{ kind: 'comment', id, property_id: property, text: 'The roof is new' }],
      tags: [],
      contacts: [],
    });
    expect(await both('search', 'call', '--in', 'assignments')).toMatchObject({
      items: [{ kind: 'assignment', user_id: ann.userId, text: 'Call' }],
    });
    expect((await both('search', 'HO', '--in', 'tags')).tags).toMatchObject([{ name: 'hot' }]);
    expect(await cli.there('search', 'x', '--in', 'attics')).toMatchObject({ code: 2 });
    expect(await cli.there('search', '--in', 'all')).toMatchObject({ code: 2 });
    await done('comment', 'rm', id);
    expect((await both('search', 'roof', '--in', 'comments')).items).toEqual([]);

    const { activity } = await both('activity', '--property', property);
    expect(activity.map(({ what }: { what: string }) => what)).toEqual([
      'comment.deleted',
      'comment.created',
      'comment.created',
      'assignment.completed',
      'assignment.added',
      'tag.added',
    ]);
    await done('tag', 'take', 'hot', property);
    await done('assign', 'remove', property, ANN);
    await done('tag', 'rm', 'hot');
    expect((await both('tag', 'list')).tags).toEqual([]);
  });

  it('list the outbox, whose folder is the server’s', async () => {
    expect(await cli.there('outbox', '--status', 'sent')).toMatchObject({
      code: 0,
      json: { folder: null, messages: [] },
    });
    const { tenantId } = cli.api.database;
    expect(await cli.here('outbox')).toMatchObject({
      json: { folder: join(cli.home, 'outbox', tenantId), messages: [] },
    });
  });

  it('keep searches and have reports mailed', async () => {
    const made = await done('saved-search', 'add', 'bargains', 'corner', '--max-price', '450k', '--user', ANN);
    expect(made).toMatchObject({ filter: { q: 'corner', max_price: 450_000 }, owner: { id: ann.userId } });
    expect((await both('saved-search', 'list', '--user', ANN)).saved_searches).toHaveLength(1);
    const report = ['report', 'add', 'Monday', '--kind', 'properties', '--search', 'bargains', '--to', ANN];
    expect(await cli.there(...report)).toMatchObject({ code: 4 });
    await done('saved-search', 'rm', 'bargains', '--user', ANN);
    await done('saved-search', 'add', 'bargains', 'corner', '--shared', '--user', ANN);
    expect(await done(...report, '--every', 'weekly')).toMatchObject({ frequency: 'weekly', recipients: [ann.userId] });
    expect(await done('report', 'run', 'Monday')).toMatchObject({ status: 'queued' });
    expect((await both('report', 'runs', 'Monday')).runs).toHaveLength(1);
    expect(await done('report', 'pause', 'Monday')).toMatchObject({ status: 'paused', next_run_at: null });
    expect(await cli.here('report', 'resume', 'Monday')).toMatchObject({ json: { status: 'active' } });
    await done('report', 'rm', 'Monday');
    expect(await both('report', 'list')).toEqual({ reports: [] });
  });

  it('look after webhooks', async () => {
    const { id, secret } = await done('webhook', 'add', 'https://hooks.example.com/reos');
    const rotated = await done('webhook', 'rotate', id);
    expect(rotated.secret).not.toBe(secret);
    const ping = await done('webhook', 'ping', id);
    expect(ping).toMatchObject({ event_type: 'webhook.ping' });
    expect((await both('webhook', 'deliveries', id)).deliveries).toHaveLength(1);
    await done('webhook', 'replay', id, '--delivery', ping.id);
    const since = new Date(Date.now() - 60_000).toISOString();
    expect(await done('webhook', 'replay', id, '--since', since)).toMatchObject({ has_more: false });
    expect(await cli.there('webhook', 'replay', id)).toMatchObject({ code: 2 });
    await done('webhook', 'remove', id, '--yes');
  });

  it('show events as they happen', async () => {
    const tail = ['events', 'tail', '--property', property, '--limit', '1', '--seconds', '20'];
    for (const way of [cli.there, cli.here]) {
      const seen = way(...tail);
      const timer = setInterval(() => void cli.there('comment', 'add', property, 'Look'), 700);
      const { code, json } = await seen;
      clearInterval(timer);
      expect({ code, json }).toMatchObject({
        code: 0,
        json: { event: 'timeline.updated', data: { property_id: property } },
      });
    }
    expect(await cli.there('events', 'tail', '--after', 'yesterday')).toMatchObject({ code: 2 });
  });
});
