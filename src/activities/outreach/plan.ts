import { listAudienceContacts, loadAudienceProperty } from '../../db/queries/campaign-audience.ts';
import { endSequences, newToken, variantKey } from '../../db/queries/outreach-follow-up.ts';
import {
  type DueSend,
  insertPlanned,
  listDueSends,
  listPlanCampaigns,
  type PlanCampaign,
  type PlannedSend,
  renewPackets,
} from '../../db/queries/outreach-plan.ts';
import { holdProperty } from '../../db/queries/outreach-property.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { sendId } from '../../domain/ids.ts';
import { chooseVariant } from '../../domain/outreach/ab-test.ts';
import {
  type AudienceProperty,
  type ChosenSend,
  refuseContact,
  refuseProperty,
} from '../../domain/outreach/audience.ts';
import type { OutreachDeps } from './deps.ts';

/** What planning came to. */
export interface SendPlan {
  /** Every send of the property that is due now, a first step or a follow-up, whether planned now or before. */
  sendIds: string[];
  /** How many first steps were planned by this call. */
  planned: number;
  /** True when none of them may leave until a person acts. */
  held: boolean;
  /** Why there is nothing to send, or why it is held; null when sends can go. */
  reason: string | null;
  /** Each campaign and contact that was passed over, and why. */
  passedOver: string[];
}

/**
 * Plans, when the property comes to outreach, the first step of every campaign that is about it: a `pending` row per
 * recipient, under an id that the same plan always gets. Investors need a buy box that takes the property, and get its
 * memo; owners are those known of the property, and never get one. Settles follow-ups whose sequence has ended. Planning
 * again changes nothing. Writes on the property why nothing can leave.
 * @throws ReosError `not_found` for an unknown property
 */
export async function planSends(
  deps: Pick<OutreachDeps, 'db' | 'clock'>,
  input: { tenantId: string; propertyId: string },
): Promise<SendPlan> {
  return withTenant(deps.db, input.tenantId, async (trx) => {
    const now = deps.clock();
    const property = await loadAudienceProperty(trx, input.propertyId);
    if (property === null) {
      throw new ReosError('not_found', `There is no property ${input.propertyId} to plan outreach for.`);
    }
    if (property.packetId !== null) await renewPackets(trx, property.id, property.packetId);
    await endSequences(trx, property.id);
    const before = await listDueSends(trx, property.id, now);
    // Later offers are for the campaigns' own runs, which count what a recipient has had.
    const isFirstTime = before.length === 0 && !PAST_FIRST.includes(property.status);
    const first = isFirstTime ? await planFirstSteps(trx, property, now) : NOTHING_NEW;
    const due = isFirstTime ? await listDueSends(trx, property.id, now) : before;
    const hold = personHold(due);
    const reason = due.length > 0 ? hold : first.reason;
    await holdProperty(trx, property.id, { reason, until: null });
    const sendIds = due.map((send) => send.sendId);
    return { sendIds, planned: first.planned, held: hold !== null, reason, passedOver: first.passedOver };
  });
}

/** The rows of chosen sends of a campaign's first step. */
export function toPlanned(tenantId: string, campaign: PlanCampaign, chosen: readonly ChosenSend[]): PlannedSend[] {
  return chosen.map(({ contactId, propertyId, packetId }) => ({
    sendId: sendId(tenantId, { contactId, propertyId, campaignId: campaign.id, step: campaign.step }),
    contactId,
    propertyId,
    campaignId: campaign.id,
    step: campaign.step,
    packetId: campaign.kind === 'owner' ? null : packetId,
    channel: campaign.channel,
    variant: chooseVariant(campaign.variants, variantKey(contactId, campaign.id, campaign.step))?.name ?? null,
    unsubscribeToken: newToken(),
  }));
}

const PAST_FIRST: readonly string[] = ['contacted', 'engaged', 'closed', 'suppressed'];
const NOTHING_NEW: FirstSteps = { planned: 0, reason: null, passedOver: [] };

interface FirstSteps {
  planned: number;
  reason: string | null;
  passedOver: string[];
}

async function planFirstSteps(trx: TenantTrx, property: AudienceProperty, now: Date): Promise<FirstSteps> {
  const none = (reason: string, passedOver: string[] = []): FirstSteps => ({ planned: 0, reason, passedOver });
  if (property.birdDogScore === null) return none('The property has no score yet.');
  const campaigns = await listPlanCampaigns(trx);
  const hasInvestors = campaigns.some(({ kind }) => kind === 'investor');
  if (property.packetId === null && hasInvestors && !campaigns.some(({ kind }) => kind === 'owner')) {
    return none('The property has no memo to send.');
  }
  if (campaigns.length === 0) return none('No campaign for investors is active.');
  const passedOver: string[] = [];
  const reasons: string[] = [];
  const sends: PlannedSend[] = [];
  for (const campaign of campaigns) {
    const refusal = refuseProperty(campaign, property);
    if (refusal !== null) {
      passedOver.push(`${campaign.name}: ${refusal.reason}`);
      reasons.push(`${campaign.name}: ${refusal.reason}`);
      continue;
    }
    const contacts = await listAudienceContacts(trx, campaign, property.ownerIds, now);
    const special: string[] = [];
    const chosen: ChosenSend[] = [];
    for (const contact of contacts.values()) {
      const why = refuseContact(campaign, property, contact);
      if (why === null) chosen.push({ contactId: contact.id, propertyId: property.id, packetId: property.packetId });
      else {
        passedOver.push(`contact ${contact.id}: ${why.reason}`);
        if (why.code !== 'outside_buy_box') special.push(`contact ${contact.id}: ${why.reason}`);
      }
    }
    if (chosen.length === 0) reasons.push(nobodyReason(campaign, special));
    sends.push(...toPlanned(trx.tenantId, campaign, chosen));
  }
  if (sends.length === 0) return none([...new Set(reasons)].join('; ').slice(0, 900), passedOver);
  return { planned: await insertPlanned(trx, sends, now), reason: null, passedOver };
}

/** Why a campaign has nobody left to write to: the plain case in words, anything else with its reasons. */
function nobodyReason(campaign: PlanCampaign, special: readonly string[]): string {
  const list = special.join('; ').slice(0, 400);
  if (campaign.kind === 'owner') return `${campaign.name}: no owner is left to write to: ${list || 'none is active'}`;
  return special.length === 0
    ? 'No investor buys such a property: it is outside every buy box.'
    : `No investor is left to write to: ${list}; every other buy box leaves it out.`;
}

/** What a person has to do before any of the sends may leave; null when one of them needs nobody. */
function personHold(due: readonly DueSend[]): string | null {
  const reasons = due.map(({ campaignName, campaignStatus, waitsForApproval }) => {
    if (campaignStatus === 'draft' || campaignStatus === 'paused') {
      return `The campaign '${campaignName}' is ${campaignStatus}.`;
    }
    return waitsForApproval && campaignStatus === 'active'
      ? `The campaign '${campaignName}' waits for approval.`
      : null;
  });
  return reasons.every((reason) => reason !== null) ? (reasons[0] ?? null) : null;
}
