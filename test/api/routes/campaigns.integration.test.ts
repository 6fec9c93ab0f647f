import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCampaign } from '../../../src/activities/outreach/campaign-file.ts';
import type { CampaignReference } from '../../../src/api/outreach-doors.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';
import { PLAIN_TEMPLATES } from '../../support/templates.ts';

const told: [string, CampaignReference, ...unknown[]][] = [];
const counties = {
  find: (slug: string) => {
    throw new ReosError('not_found', `There is no county ${slug}.`);
  },
};
const definition = {
  name: 'Deals of the week',
  kind: 'investor',
  steps: [{ channel: 'email', template: 'investor-email' }],
  sender: { name: 'Jo Example', email: 'jo@example.com' },
  postal_address: '1 Main Street, Springfield, WA 98103',
};

let api: TestApi;
let ops: Awaited<ReturnType<TestApi['as']>>;
beforeAll(async () => {
  api = await createTestApi({
    campaignDesk: {
      check: (tenantId, body) =>
        readCampaign({ templates: PLAIN_TEMPLATES, counties }, tenantId, 'body', JSON.stringify(body)),
      rehearse: async () => ({
        reason: null,
        audience: 3,
        messages: 2,
        passedOver: {},
        first: [],
        steps: [],
        budgets: [],
      }),
    },
    campaigns: {
      run: async (campaign) => {
        told.push(['run', campaign]);
      },
      order: async (campaign, order, reason) => {
        told.push([order, campaign, reason]);
        return true;
      },
    },
  });
  ops = await api.as('ops');
});
afterAll(() => api.close());

const idOf = (answer: { body: never }): string => (answer.body as { id: string }).id;

describe('campaigns', () => {
  it('go from draft through approval to their end', async () => {
    const made = await ops('POST', '/api/v1/campaigns', { body: definition });
    expect(made).toMatchObject({ status: 201, body: { status: 'draft', name: definition.name, approved_at: null } });
    const path = `/api/v1/campaigns/${idOf(made)}`;
    expect((await ops('POST', '/api/v1/campaigns', { body: definition })).status).toBe(409);
    expect((await ops('POST', `${path}/run`)).status).toBe(409);
    const changed = await ops('PATCH', path, { body: { max_per_run: 7 } });
    expect(changed).toMatchObject({ status: 200, body: { definition: { max_per_run: 7, dedupe_days: 30 } } });
    expect(await ops('POST', `${path}/approve`)).toMatchObject({
      status: 200,
      body: { status: 'active', approved_by: 'A ops' },
    });
    expect(await ops('PATCH', path, { body: { max_per_run: 9 } })).toMatchObject({ status: 409 });
    expect((await ops('DELETE', path)).status).toBe(409);
    expect((await ops('POST', `${path}/run`)).status).toBe(202);
    const paused = await ops('POST', `${path}/pause`, { body: { reason: 'wrong price' } });
    expect(paused).toMatchObject({ status: 202, body: { status: 'paused', reason: 'wrong price' } });
    expect((await ops('POST', `${path}/resume`, { body: {} })).body).toMatchObject({ status: 'active' });
    expect((await ops('POST', `${path}/stop`, { body: {} })).body).toMatchObject({ status: 'ended' });
    expect((await ops('POST', `${path}/resume`, { body: {} })).status).toBe(409);
    expect(told.map(([what]) => what)).toEqual(['run', 'pause', 'resume', 'stop']);
    expect((await ops('GET', `${path}/metrics`)).body).toMatchObject({
      metrics: { sent: 0, open_rate: null },
      holds: [],
      next_send_at: null,
      by_day: [],
    });
    expect((await ops('GET', `${path}/preview`)).body).toMatchObject({ would_run: true, audience: 3, messages: 2 });
  });

  it('say which field is wrong, and store no text that is none', async () => {
    const wrong = { ...definition, name: 'Wrong', audience: { counties: ['atlantis'] } };
    const answer = await ops('POST', '/api/v1/campaigns', { body: wrong });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation' } });
    expect(answer.text).toContain('atlantis');
    for (const name of ['a\u0000b', 'a\ud800b']) {
      expect((await ops('POST', '/api/v1/campaigns', { body: { ...definition, name } })).status).toBe(400);
    }
    expect((await ops('PATCH', `/api/v1/campaigns/${randomUUID()}`, { body: { color: 1 } })).status).toBe(400);
  });

  it('are deleted as drafts, and listed by name in pages', async () => {
    const mine = await api.as('ops', await api.addTenant('campaign-pages'));
    for (const name of ['b', 'a', 'c']) await mine('POST', '/api/v1/campaigns', { body: { ...definition, name } });
    const first = (await mine('GET', '/api/v1/campaigns?limit=2')).body as {
      items: { name: string; id: string }[];
      next_cursor: string;
    };
    const rest = (await mine('GET', `/api/v1/campaigns?limit=2&cursor=${first.next_cursor}`)).body;
    expect(first.items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(rest).toMatchObject({ items: [{ name: 'c' }], next_cursor: null });
    expect((await mine('DELETE', `/api/v1/campaigns/${first.items[0]!.id}`)).status).toBe(204);
    expect((await mine('GET', `/api/v1/campaigns/${first.items[0]!.id}`)).status).toBe(404);
  });

  it('are not for viewers, and approval is not for keys that may only change', async () => {
    const viewer = await api.as('viewer');
    for (const [method, path] of [
      ['GET', '/api/v1/campaigns'],
      ['POST', `/api/v1/campaigns/${randomUUID()}/approve`],
      ['POST', `/api/v1/campaigns/${randomUUID()}/run`],
    ] as const) {
      expect((await viewer(method, path)).status, path).toBe(403);
    }
    const key = await api.asKey(['outreach:update']);
    const waived = { ...definition, name: 'Unseen', needs_approval: false };
    expect((await key('POST', '/api/v1/campaigns', { body: waived })).status).toBe(403);
    const made = await key('POST', '/api/v1/campaigns', { body: { ...waived, needs_approval: true } });
    expect(made.status).toBe(201);
    expect((await key('POST', `/api/v1/campaigns/${idOf(made)}/approve`)).status).toBe(403);
    const change = { body: { needs_approval: false } };
    expect((await key('PATCH', `/api/v1/campaigns/${idOf(made)}`, change)).status).toBe(403);
  });

  it('of another tenant are unknown', async () => {
    const theirs = await ops('POST', '/api/v1/campaigns', { body: { ...definition, name: 'Theirs' } });
    const mine = await api.as('admin', await api.addTenant('campaign-others'));
    const random = randomUUID();
    for (const [method, tail, body] of [
      ['GET', '', undefined],
      ['GET', '/metrics', undefined],
      ['GET', '/preview', undefined],
      ['PATCH', '', { max_per_run: 1 }],
      ['DELETE', '', undefined],
      ['POST', '/approve', undefined],
      ['POST', '/run', undefined],
      ['POST', '/stop', {}],
    ] as const) {
      const ask = async (campaignId: string) => {
        const { status, text, body: problem } = await mine(method, `/api/v1/campaigns/${campaignId}${tail}`, { body });
        const { request_id: request } = problem as { request_id: string };
        return { status, text: text.replaceAll(campaignId, 'ID').replace(request, '') };
      };
      const answer = await ask(idOf(theirs));
      expect(answer, `${method} ${tail}`).toEqual(await ask(random));
      expect(answer.status).toBe(404);
    }
  });
});
