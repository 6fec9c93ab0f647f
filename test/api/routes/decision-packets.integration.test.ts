import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { look, runBriefing } from '../../../src/activities/market/briefing.ts';
import { checkSlackUrl } from '../../../src/activities/market/slack.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { createTestApi, type TestApi } from '../../support/api.ts';

let api: TestApi;
const files = new Map<string, Buffer>();
beforeAll(async () => {
  api = await createTestApi({
    files: { check: () => ({ ok: false, reason: 'none' }), get: async (key) => files.get(key) ?? Buffer.alloc(0) },
    briefings: {
      run: (tenantId) => {
        const { db } = api.database;
        const storage = { put: async (key: string, bytes: Uint8Array) => void files.set(key, Buffer.from(bytes)) };
        return runBriefing({ db, logger: db.logger, storage }, tenantId, new Date());
      },
      sealSlack: (_tenantId, url) => `sealed ${checkSlackUrl(url, 'https://hooks.slack.com').length}`,
    },
  });
  await withTenant(api.database.db, api.database.tenantId, (trx) =>
    look(trx, new Date(), new Date().toISOString().slice(0, 10), [
      {
        key: 'chosen',
        title: 'Chosen',
        tool: 'get_market_summary',
        input: { market: 'A' },
        read: (_answer, make) => ({
          dataThrough: null,
          columns: [],
          rows: [],
          notes: [],
          headlines: [],
          checked: new Set<string>(),
          findings: (['LOW', 'HIGH', 'CRITICAL'] as const).map((severity) =>
            make({
              market: severity,
              issue: `Odd ${severity}`,
              severity,
              evidence: [{ label: 'Oddness', value: 3, unit: 'z' }],
              action: 'Look',
              impact: { low: 90, expected: 100, high: 110 },
              statedConfidence: 0.9,
            }),
          ),
        }),
      },
    ]),
  );
});
afterAll(() => api.close());

interface Item {
  id: string;
  severity: string;
  status: string;
  impact: object;
}
interface Page {
  items: Item[];
  next_cursor: string | null;
}

describe('decision packets over HTTP', () => {
  it('are listed by severity and page, decided, given to someone, and end in feedback', async () => {
    const [ann, vic] = [await api.as('analyst'), await api.as('viewer')];
    const list = async (query: string) => (await vic('GET', `/api/v1/decision-packets?${query}`)).body as Page;
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await list(`limit=1${cursor}`);
      seen.push(...page.items.map(({ severity }) => severity));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen.sort()).toEqual(['CRITICAL', 'HIGH', 'LOW']);
    const [critical] = (await list('severity=CRITICAL&status=open')).items;
    const path = `/api/v1/decision-packets/${critical!.id}`;
    expect(await vic('GET', path)).toMatchObject({
      status: 200,
      body: { impact: { low: 90, expected: 100, high: 110 }, evidence: [{ value: 3, tool: 'get_market_summary' }] },
    });
    expect((await vic('POST', `${path}/accept`, { body: {} })).status).toBe(403);
    expect(await ann('PUT', `${path}/owner`, { body: { owner_id: ann.userId } })).toMatchObject({
      status: 200,
      body: { owner_id: ann.userId },
    });
    expect(await ann('POST', `${path}/accept`, { body: { reason: 'yes' } })).toMatchObject({
      status: 200,
      body: { status: 'accepted', status_reason: 'yes' },
    });
    expect((await ann('POST', `${path}/accept`, { body: {} })).status).toBe(409);
    expect((await vic('POST', `${path}/reopen`)).status).toBe(403);
    expect(await ann('POST', `${path}/reopen`)).toMatchObject({
      status: 200,
      body: { status: 'open', status_reason: null },
    });
    expect((await ann('POST', `${path}/reopen`)).status).toBe(409);
    expect((await ann('POST', `${path}/accept`, { body: {} })).status).toBe(200);
    expect(await ann('POST', `${path}/outcome`, { body: { outcome: true, actual_value: 125 } })).toMatchObject({
      status: 200,
      body: { outcome: true, prediction_accuracy: 0.8 },
    });
    const rows = await api.database.query(`select action_taken, outcome from mart.feedback_log where packet_id = $1`, [
      critical!.id,
    ]);
    expect(rows).toEqual([{ action_taken: 'accepted', outcome: true }]);
    expect((await ann('POST', `${path}/close`, { body: { reason: 'done' } })).status).toBe(200);
    const stranger = await api.as('admin', await api.addTenant('other-packets'));
    expect((await stranger('GET', path)).status).toBe(404);
  });
});

describe('briefings over HTTP', () => {
  it('are made, listed and read, and go where the tenant says', async () => {
    const [ann, admin] = [await api.as('analyst'), await api.as('admin')];
    const made = (await ann('POST', '/api/v1/briefings/run', { body: {} })) as unknown as {
      status: number;
      body: { id: string; paths: string[]; packet_ids: string[] };
    };
    expect(made.status).toBe(200);
    expect(made.body.paths).toHaveLength(3);
    expect(made.body.packet_ids).toHaveLength(2);
    expect((await ann('GET', '/api/v1/briefings')).body as Page).toMatchObject({ items: [{ id: made.body.id }] });
    const shown = (await ann('GET', `/api/v1/briefings/${made.body.id}`)).body as { markdown: string };
    expect(shown.markdown).toContain('**Odd HIGH**');
    const put = (body: object, who = admin) => who('PUT', '/api/v1/briefings/channels', { body });
    expect((await put({ slack: { webhook_url: 'https://example.com/x' } })).status).toBe(400);
    expect((await put({ slack: { enabled: false } }, ann)).status).toBe(403);
    expect(await put({ slack: { webhook_url: 'https://hooks.slack.com/services/x' } })).toMatchObject({
      status: 200,
      body: { slack: { enabled: true, has_webhook: true }, email: { enabled: true, recipients: null } },
    });
    expect(await put({ slack: { enabled: false } })).toMatchObject({
      body: { slack: { enabled: false, has_webhook: true } },
    });
  });
});

describe('confidence weights over HTTP', () => {
  it('are listed and rolled back', async () => {
    const ann = await api.as('analyst');
    const rollBack = () => ann('POST', '/api/v1/intelligence/confidence-weights/rollback');
    expect((await rollBack()).status).toBe(409);
    await api.database.query(
      `insert into mart.confidence_weights (tenant_id, version, weights, outcomes, status) values ($1, 1, '{}', 40, 'active')`,
      [api.database.tenantId],
    );
    expect((await rollBack()).body).toEqual({ version: 0 });
    expect((await ann('GET', '/api/v1/intelligence/confidence-weights')).body).toMatchObject({
      items: [{ version: 1, status: 'retired', outcomes: 40 }],
    });
  });
});
