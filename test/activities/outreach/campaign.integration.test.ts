import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/deps.ts';
import { type CampaignRun, createCampaignActivities } from '../../../src/activities/outreach/campaign.ts';
import { previewCampaign } from '../../../src/activities/outreach/campaign-preview.ts';
import { planSends } from '../../../src/activities/outreach/plan.ts';
import { sendMessage } from '../../../src/activities/outreach/send.ts';
import { countMessages } from '../../../src/db/queries/campaign-metrics.ts';
import { approveCampaign, setCampaignStatus } from '../../../src/db/queries/campaign-status.ts';
import { findCampaign, insertCampaign, replaceCampaign } from '../../../src/db/queries/campaigns.ts';
import { endSequences } from '../../../src/db/queries/outreach-follow-up.ts';
import { saveTemplate } from '../../../src/db/queries/templates.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { type CampaignDefinition, campaignSchema } from '../../../src/domain/outreach/campaign.ts';
import { addCounts, measure } from '../../../src/domain/outreach/metrics.ts';
import { fakeLifecycles } from '../platform/bench.ts';
import { openBench } from './database.ts';
import { addContact, addProperty, countingChannel, type OutreachBench } from './setup.ts';

const DAY_MS = 86_400_000;
let opened: Awaited<ReturnType<typeof openBench>>;
beforeAll(async () => {
  opened = await openBench();
});
afterAll(() => opened.close());

/** A tenant of its own with `investors` contacts, and everything a campaign's activities use. */
async function bench(investors = 1) {
  const b = opened.fresh();
  await b.query('insert into tenants (id, slug, name) values ($1, $2, $2)', [
    b.tenantId,
    `t-${b.tenantId.slice(0, 12)}`,
  ]);
  const contactIds: string[] = [];
  for (let n = 1; n <= investors; n += 1) contactIds.push(await addContact(b, 'investor', `investor-${n}@example.com`));
  const lifecycles = fakeLifecycles();
  const { channel, posts } = countingChannel();
  const deps = b.deps(channel);
  const counties = { byFips: () => undefined } as unknown as ActivityDeps['counties'];
  const made = createCampaignActivities({ db: b.db, clock: deps.clock, counties, lifecycles });
  const activities = {
    ...made,
    runCampaign: (ids: Parameters<typeof made.runCampaign>[0]) =>
      new MockActivityEnvironment().run<[typeof ids], CampaignRun, typeof made.runCampaign>(made.runCampaign, ids),
  };
  return { b, deps, posts, contactIds, asked: lifecycles.asked, activities };
}

function definitionOf(more: Record<string, unknown> = {}): CampaignDefinition {
  return campaignSchema.parse({
    name: 'Deals',
    kind: 'investor',
    steps: [
      { channel: 'email', template: 'investor-email' },
      { channel: 'email', template: 'investor-email', wait_days: 3 },
    ],
    needs_approval: false,
    send_window: null,
    sender: { name: 'Example Homes', email: 'deals@example.com' },
    postal_address: '1 Example Way, Seattle WA 98101',
    ...more,
  });
}

const create = (b: OutreachBench, more: Record<string, unknown> = {}) =>
  withTenant(b.db, b.tenantId, (trx) => insertCampaign(trx, definitionOf(more), { countyFips: [], createdBy: 'test' }));
const reload = (b: OutreachBench, id: string) => withTenant(b.db, b.tenantId, (trx) => findCampaign(trx, id));
const sendsOf = (b: OutreachBench) =>
  b.query<{
    send_id: string;
    step: number;
    status: string;
    error: string | null;
    held_until: Date | null;
    packet_id: string | null;
    property_id: string;
    contact_id: string;
  }>('select * from outreach_messages where tenant_id = $1 order by step, created_at', [b.tenantId]);

describe('a campaign’s run', () => {
  it('plans the best properties first up to its size, tells their lifecycles, and plans nothing twice', async () => {
    const { b, activities, asked } = await bench(1);
    const { id: campaignId, definition } = await create(b, { max_per_run: 2 });
    expect((await reload(b, campaignId)).definition).toEqual(definition);
    const [good, best, fair] = [await addProperty(b, 80), await addProperty(b, 95), await addProperty(b, 70)];
    await addProperty(b, 50);
    const ids = { tenantId: b.tenantId, campaignId };
    const run = await activities.runCampaign(ids);
    expect(run).toMatchObject({ audience: 3, planned: 2, asked: 2, reason: null, passedOver: { run_cap: 1 } });
    expect((await sendsOf(b)).map((row) => row.property_id).sort()).toEqual([good, best].sort());
    expect(asked.wakes.map((wake) => wake.propertyId).sort()).toEqual([good, best].sort());
    expect(await activities.runCampaign(ids)).toMatchObject({ planned: 0 });
    b.clock.now = new Date(b.clock.now.getTime() + 2 * DAY_MS);
    await b.query(
      `update outreach_messages set status = 'sent', sent_at = now(), sending_at = now() where tenant_id = $1`,
      [b.tenantId],
    );
    expect(await activities.runCampaign(ids)).toMatchObject({ planned: 1 });
    expect((await sendsOf(b)).map((row) => row.property_id)).toContain(fair);
  });

  it('leaves out whom another campaign offered the property, and who has had the cap of the week', async () => {
    const { b, activities, contactIds } = await bench(2);
    const other = await create(b, { name: 'Other' });
    const propertyId = await addProperty(b, 90);
    await activities.runCampaign({ tenantId: b.tenantId, campaignId: other.id });
    await b.query(
      `update outreach_messages set status = 'sent', sending_at = now(), sent_at = now() where contact_id = $1`,
      [contactIds[0]],
    );
    await b.query('delete from outreach_messages where contact_id = $1', [contactIds[1]]);
    const deduped = await create(b, { name: 'Second' });
    const run = await activities.runCampaign({ tenantId: b.tenantId, campaignId: deduped.id });
    expect(run).toMatchObject({ planned: 1, passedOver: { offered_recently: 1 } });
    await addProperty(b, 91);
    const capped = await create(b, { name: 'Third', weekly_cap_per_recipient: 1, dedupe_days: 0 });
    expect(await activities.runCampaign({ tenantId: b.tenantId, campaignId: capped.id })).toMatchObject({
      planned: 0,
      passedOver: expect.objectContaining({ weekly_cap: expect.any(Number) }),
    });
    expect(propertyId).toBeTruthy();
  });

  it('waits for approval; a changed content voids it, a changed pace does not', async () => {
    const { b, activities, deps, posts } = await bench(1);
    const { id: campaignId, status } = await create(b, { needs_approval: true });
    expect(status).toBe('draft');
    const propertyId = await addProperty(b, 90);
    const ids = { tenantId: b.tenantId, campaignId };
    expect(await activities.runCampaign(ids)).toMatchObject({
      planned: 0,
      reason: expect.stringContaining('approval'),
    });
    await withTenant(b.db, b.tenantId, async (trx) =>
      approveCampaign(trx, await findCampaign(trx, campaignId), { by: 'Jo', at: b.clock.now }),
    );
    expect(await reload(b, campaignId)).toMatchObject({ status: 'active', approvedBy: 'Jo' });
    expect(await activities.runCampaign(ids)).toMatchObject({ planned: 1, reason: null });
    const replace = (more: Record<string, unknown>) =>
      withTenant(b.db, b.tenantId, (trx) => replaceCampaign(trx, definitionOf({ needs_approval: true, ...more }), []));
    expect(await replace({ max_per_run: 7 })).toMatchObject({ approvalLost: false });
    expect(await replace({ audience: { min_score: 10 } })).toMatchObject({ approvalLost: true });
    expect(await reload(b, campaignId)).toMatchObject({ status: 'active', approvedAt: null });
    const plan = await planSends(deps, { tenantId: b.tenantId, propertyId });
    expect(plan).toMatchObject({ held: true, reason: "The campaign 'Deals' waits for approval." });
    expect(await sendMessage(deps, { tenantId: b.tenantId, sendId: plan.sendIds[0]! })).toMatchObject({
      status: 'pending',
      isHeld: true,
    });
    expect(posts).toHaveLength(0);
  });

  it('asks again when the words of a template that it uses change', async () => {
    const { b } = await bench(1);
    const { id: campaignId } = await create(b, { needs_approval: true });
    await withTenant(b.db, b.tenantId, async (trx) =>
      approveCampaign(trx, await findCampaign(trx, campaignId), { by: 'Jo', at: b.clock.now }),
    );
    const save = (name: string) =>
      withTenant(b.db, b.tenantId, (trx) =>
        saveTemplate(trx, { kind: 'email', name, parts: { txt: `words of ${name}` }, createdBy: 'Jo' }),
      );
    await save('another-template');
    expect(await reload(b, campaignId)).toMatchObject({ approvedBy: 'Jo', approvedAt: expect.any(Date) });
    await save('investor-email');
    expect(await reload(b, campaignId)).toMatchObject({ approvedAt: null });
  });

  it('obeys: a pause holds what is planned, resuming releases it, a stop ends it', async () => {
    const { b, activities, deps } = await bench(1);
    const { id: campaignId } = await create(b);
    await addProperty(b, 90);
    const ids = { tenantId: b.tenantId, campaignId };
    await activities.runCampaign(ids);
    const [planned] = await sendsOf(b);
    const send = { tenantId: b.tenantId, sendId: planned!.send_id };
    await activities.setCampaignStatus({ ...ids, status: 'paused', reason: 'holiday' });
    expect(await sendMessage(deps, send)).toMatchObject({ isHeld: true, reason: 'The campaign is paused.' });
    expect(await activities.runCampaign(ids)).toMatchObject({ reason: "The campaign 'Deals' is paused.", asked: 0 });
    await activities.setCampaignStatus({ ...ids, status: 'active', reason: null });
    expect(await activities.runCampaign(ids)).toMatchObject({ asked: 1 });
    await activities.setCampaignStatus({ ...ids, status: 'ended', reason: 'enough' });
    expect(await sendsOf(b)).toMatchObject([{ status: 'error', error: 'Not sent: The campaign has ended.' }]);
    expect(await sendMessage(deps, send)).toMatchObject({ status: 'error' });
    await expect(
      withTenant(b.db, b.tenantId, async (trx) =>
        setCampaignStatus(trx, await findCampaign(trx, campaignId), { status: 'active', reason: null, at: new Date() }),
      ),
    ).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('sequences', () => {
  it('plan the next step with the send, once, for its day; an answer ends it at once', async () => {
    const { b, activities, deps, posts } = await bench(1);
    const { id: campaignId } = await create(b);
    const propertyId = await addProperty(b, 90);
    await activities.runCampaign({ tenantId: b.tenantId, campaignId });
    const ids = { tenantId: b.tenantId, propertyId };
    const [first] = (await planSends(deps, ids)).sendIds;
    await sendMessage(deps, { tenantId: b.tenantId, sendId: first! });
    const rows = await sendsOf(b);
    expect(rows).toMatchObject([
      { step: 1, status: 'sent' },
      { step: 2, status: 'pending', held_until: new Date(b.clock.now.getTime() + 3 * DAY_MS) },
    ]);
    expect(rows[1]!.packet_id).toBe(rows[0]!.packet_id);
    expect(await planSends(deps, ids)).toMatchObject({ sendIds: [], reason: null });
    b.clock.now = new Date(b.clock.now.getTime() + 3 * DAY_MS + 1);
    expect((await planSends(deps, ids)).sendIds).toEqual([rows[1]!.send_id]);
    await b.query('update outreach_messages set answered_at = now() where send_id = $1', [first]);
    expect(await withTenant(b.db, b.tenantId, (trx) => endSequences(trx, propertyId))).toBe(1);
    expect((await sendsOf(b))[1]).toMatchObject({
      status: 'error',
      error: 'Not sent: The sequence ended: the recipient has answered.',
    });
    expect(posts).toHaveLength(1);
  });

  it.each([
    ["update outreach_messages set status = 'bounced' where step = 1 and tenant_id = $1", 'step 1 ended as bounced'],
    ["update properties set status = 'closed' where tenant_id = $1", 'the outcome of the property is known'],
  ])('end with: %s', async (change, reason) => {
    const { b, deps } = await bench(1);
    await create(b);
    const propertyId = await addProperty(b, 90);
    const plan = await planSends(deps, { tenantId: b.tenantId, propertyId });
    await sendMessage(deps, { tenantId: b.tenantId, sendId: plan.sendIds[0]! });
    await b.query(change, [b.tenantId]);
    await withTenant(b.db, b.tenantId, (trx) => endSequences(trx, propertyId));
    expect((await sendsOf(b))[1]).toMatchObject({ step: 2, error: `Not sent: The sequence ended: ${reason}.` });
  });

  it('of an owner campaign write to the property’s owners, and carry no memo at any step', async () => {
    const { b, deps, posts } = await bench(1);
    await create(b, { name: 'Owners', kind: 'owner' });
    const owner = await addContact(b, 'owner', 'owner@example.com');
    await addContact(b, 'owner', 'stranger@example.com');
    const propertyId = await addProperty(b, 90);
    await b.query(
      `insert into property_contacts (tenant_id, property_id, contact_id, source) values ($1, $2, $3, 'test')`,
      [b.tenantId, propertyId, owner],
    );
    const plan = await planSends(deps, { tenantId: b.tenantId, propertyId });
    expect(plan).toMatchObject({ planned: 1, reason: null });
    await sendMessage(deps, { tenantId: b.tenantId, sendId: plan.sendIds[0]! });
    await planSends(deps, { tenantId: b.tenantId, propertyId });
    expect(await sendsOf(b)).toMatchObject([
      { step: 1, contact_id: owner, packet_id: null },
      { step: 2, contact_id: owner, packet_id: null },
    ]);
    for (const post of posts) expect(post.kind === 'email' && post.attachment).toBeNull();
  });
});

describe('preview', () => {
  it('tells what a run would do, shows each step, and writes nothing at all', async () => {
    const { b, deps, activities } = await bench(2);
    const campaign = await create(b, { max_per_run: 3 });
    for (const score of [70, 80]) await addProperty(b, score);
    const everything = async () =>
      JSON.stringify([
        await sendsOf(b),
        await b.query('select * from properties where tenant_id = $1 order by id', [b.tenantId]),
        await b.query('select * from event_log where tenant_id = $1 order by position', [b.tenantId]),
        await b.query('select * from campaigns where tenant_id = $1', [b.tenantId]),
      ]);
    const before = await everything();
    const preview = await previewCampaign(deps, { tenantId: b.tenantId, campaign: 'Deals', first: 10 });
    expect(await everything()).toBe(before);
    expect(preview).toMatchObject({ reason: null, audience: 2, messages: 3, passedOver: { run_cap: 1 } });
    expect(preview.first).toHaveLength(3);
    expect(preview.first[0]).toMatchObject({ score: 80, property: '12 Sample St, Seattle' });
    expect(preview.steps.map(({ step, problem }) => ({ step, problem }))).toEqual([
      { step: 1, problem: null },
      { step: 2, problem: null },
    ]);
    const run = await activities.runCampaign({ tenantId: b.tenantId, campaignId: campaign.id });
    expect(run.planned).toBe(preview.messages);
  });
});

describe('metrics from rows', () => {
  it('count people’s opens apart from machines’, and recipients once', async () => {
    const { b, deps } = await bench(2);
    const { id } = await create(b);
    for (const score of [80, 90]) {
      const plan = await planSends(deps, { tenantId: b.tenantId, propertyId: await addProperty(b, score) });
      for (const sendId of plan.sendIds) await sendMessage(deps, { tenantId: b.tenantId, sendId });
    }
    const [one, two, three] = (await sendsOf(b)).filter(({ step }) => step === 1);
    const set = (row: typeof one, change: string) =>
      b.query(`update outreach_messages set ${change} where send_id = $1`, [row!.send_id]);
    await set(one, "status = 'opened', open_count = 2, machine_open_count = 1, delivered_at = now()");
    await set(two, "status = 'delivered', machine_open_count = 3, delivered_at = now()");
    await set(three, "status = 'bounced', bounce_class = 'hard'");
    const groups = await withTenant(b.db, b.tenantId, (trx) => countMessages(trx, id));
    const firstStep = groups.filter(({ step }) => step === 1);
    expect(firstStep).toMatchObject([
      { sent: 4, delivered: 2, opened: 1, machineOpened: 1, bouncedHard: 1, recipients: 2 },
    ]);
    expect(measure(addCounts(firstStep))).toMatchObject({ open_rate: 0.5, hard_bounce_rate: 0.25 });
    expect(groups[1]).toMatchObject({ step: 2, held: 4, sent: 0 });
  });
});
