import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutreachActivities } from '../../../src/activities/outreach/outreach.ts';
import { planSends } from '../../../src/activities/outreach/plan.ts';
import { openBench } from './database.ts';
import { addContact, addProperty, countingChannel, type OutreachBench, propertyRow, seedTenant } from './setup.ts';

let opened: Awaited<ReturnType<typeof openBench>>;
let freshBench: () => OutreachBench;
beforeAll(async () => {
  opened = await openBench();
  freshBench = opened.fresh;
});
afterAll(() => opened.close());

async function bench(investors = 1, campaign: Record<string, unknown> = {}) {
  const b = freshBench();
  return { b, ...(await seedTenant(b, investors, campaign)) };
}

describe('planning', () => {
  it('plans each matching investor once, under the same ids however often, and never an owner', async () => {
    const { b } = await bench(2);
    await addContact(b, 'owner', 'owner@example.com');
    await addContact(b, 'partner', 'partner@example.com');
    await addContact(b, 'investor', null);
    const propertyId = await addProperty(b);
    const deps = b.deps(countingChannel().channel);
    const first = await planSends(deps, { tenantId: b.tenantId, propertyId });
    const again = await planSends(deps, { tenantId: b.tenantId, propertyId });
    expect(first).toMatchObject({ planned: 3, held: false, reason: null });
    expect(again).toMatchObject({ planned: 0, sendIds: first.sendIds });
    expect(first.passedOver).toEqual([expect.stringContaining('no e-mail address')]);
    const kinds = await b.query<{ kind: string }>(
      'select c.kind from outreach_messages m join contacts c on c.id = m.contact_id where m.property_id = $1',
      [propertyId],
    );
    expect(kinds.map((row) => row.kind).sort()).toEqual(['investor', 'investor', 'partner']);
  });

  it('says why nothing is planned: score, buy box, memo, campaign', async () => {
    const { b, contactIds } = await bench(1);
    const deps = b.deps(countingChannel().channel);
    const low = await addProperty(b, 40);
    expect(await planSends(deps, { tenantId: b.tenantId, propertyId: low })).toMatchObject({
      sendIds: [],
      reason: expect.stringContaining('below its threshold of 60'),
    });
    await b.query(`update buy_boxes set max_price_cents = 100 where contact_id = $1`, [contactIds[0]]);
    const dear = await addProperty(b, 90);
    const outside = await planSends(deps, { tenantId: b.tenantId, propertyId: dear });
    expect(outside).toMatchObject({
      sendIds: [],
      held: false,
      reason: expect.stringContaining('outside every buy box'),
    });
    expect((await propertyRow(b, dear)).held_reason).toContain('outside every buy box');
    await b.query('delete from action_packets where property_id = $1', [dear]);
    expect((await planSends(deps, { tenantId: b.tenantId, propertyId: dear })).reason).toContain('no memo');
    await expect(planSends(deps, { tenantId: b.tenantId, propertyId: b.tenantId })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('holds until a person approves, then sends', async () => {
    const { b, campaignId } = await bench(1, { needs_approval: true });
    const { channel, posts } = countingChannel();
    const activities = createOutreachActivities(b.deps(channel));
    const propertyId = await addProperty(b);
    const ids = { tenantId: b.tenantId, propertyId };
    const plan = await activities.planOutreach(ids);
    expect(plan).toMatchObject({ held: true, reason: expect.stringContaining('approval') });
    const send = { tenantId: b.tenantId, sendId: plan.sendIds[0]! };
    expect(await activities.sendOne(send)).toMatchObject({ status: 'held', heldUntil: null });
    expect(posts).toHaveLength(0);
    expect(await activities.approveOutreach({ ...ids, campaignId })).toEqual({ approved: 1 });
    expect(await activities.planOutreach(ids)).toMatchObject({ held: false, reason: null });
    expect(await activities.sendOne(send)).toMatchObject({ status: 'sent' });
    expect(posts).toHaveLength(1);
  });
});
