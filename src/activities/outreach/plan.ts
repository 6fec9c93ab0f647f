import { randomBytes } from 'node:crypto';
import {
  insertPlanned,
  listApproved,
  listInvestorCampaigns,
  listInvestors,
  loadPlanSubject,
  type PlanCampaign,
  type PlanContact,
  type PlannedSend,
  type PlanSubject,
} from '../../db/queries/outreach-plan.ts';
import { holdProperty } from '../../db/queries/outreach-property.ts';
import { findSuppressions } from '../../db/queries/suppressions.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { sendId } from '../../domain/ids.ts';
import { matchesBuyBox } from '../../domain/outreach/buy-box.ts';
import type { OutreachDeps } from './deps.ts';

/** What planning came to. */
export interface SendPlan {
  /** Every send of the property that its campaigns call for, whether planned now or before. */
  sendIds: string[];
  /** How many of them were planned by this call. */
  planned: number;
  /** True when none of them may leave until a person acts. */
  held: boolean;
  /** Why there is nothing to send, or why it is held; null when sends can go. */
  reason: string | null;
  /** Each campaign and contact that was passed over, and why. */
  passedOver: string[];
}

/**
 * Plans the first step of each investor campaign for one property: a `pending` row per investor whose buy box matches,
 * under an id that the same plan always gets. Planning again changes nothing. Writes on the property why nothing can leave.
 * @throws ReosError `not_found` for an unknown property
 */
export async function planSends(
  deps: Pick<OutreachDeps, 'db' | 'clock'>,
  input: { tenantId: string; propertyId: string },
): Promise<SendPlan> {
  return withTenant(deps.db, input.tenantId, async (trx) => {
    const subject = await loadPlanSubject(trx, input.propertyId);
    if (subject === null) {
      throw new ReosError('not_found', `There is no property ${input.propertyId} to plan outreach for.`);
    }
    const plan = await choose(deps, trx, input.propertyId, subject);
    await holdProperty(trx, input.propertyId, { reason: plan.reason, until: null });
    return plan;
  });
}

async function choose(
  deps: Pick<OutreachDeps, 'clock'>,
  trx: TenantTrx,
  propertyId: string,
  subject: PlanSubject,
): Promise<SendPlan> {
  const { birdDogScore, packetId } = subject;
  if (birdDogScore === null) return nothing('The property has no score yet.');
  if (packetId === null) return nothing('The property has no memo to send.');
  const campaigns = await listInvestorCampaigns(trx);
  if (campaigns.length === 0) return nothing('No campaign for investors is active.');
  const passedOver: string[] = [];
  const fitting = campaigns.filter((campaign) => {
    const why = campaignRefusal(campaign, birdDogScore);
    if (why !== null) passedOver.push(`${campaign.name}: ${why}`);
    return why === null;
  });
  if (fitting.length === 0) return nothing(passedOver.join('; '), passedOver);
  const contacts = await matchingContacts(deps.clock(), trx, subject, birdDogScore, passedOver);
  if (contacts.length === 0) return nothing(nobodyReason(passedOver), passedOver);

  const sends = fitting.flatMap((campaign) =>
    contacts.map(
      (contact): PlannedSend => ({
        sendId: sendId(trx.tenantId, {
          contactId: contact.id,
          propertyId,
          campaignId: campaign.id,
          step: campaign.step,
        }),
        contactId: contact.id,
        propertyId,
        campaignId: campaign.id,
        step: campaign.step,
        packetId,
        channel: campaign.channel,
        unsubscribeToken: randomBytes(24).toString('base64url'),
      }),
    ),
  );
  const planned = await insertPlanned(trx, sends, deps.clock());
  const sendIds = sends.map((send) => send.sendId);
  const reason = await personHold(trx, fitting, sends);
  return { sendIds, planned, held: reason !== null, reason, passedOver };
}

function nothing(reason: string, passedOver: string[] = []): SendPlan {
  return { sendIds: [], planned: 0, held: false, reason, passedOver };
}

/** Why no investor is left: the plain case in words, anything else with its reasons. */
function nobodyReason(passedOver: readonly string[]): string {
  const special = passedOver.filter((line) => /is suppressed|has no e-mail address/.test(line));
  return special.length === 0
    ? 'No investor buys such a property: it is outside every buy box.'
    : `No investor is left to write to: ${special.join('; ').slice(0, 400)}; every other buy box leaves it out.`;
}

function campaignRefusal(campaign: PlanCampaign, score: number): string | null {
  if (score < campaign.minScore) return `score ${score} is below its threshold of ${campaign.minScore}`;
  return null;
}

async function matchingContacts(
  now: Date,
  trx: TenantTrx,
  subject: PlanSubject,
  score: number,
  passedOver: string[],
): Promise<PlanContact[]> {
  const contacts = await listInvestors(trx);
  const hashes = contacts.map((contact) => contact.emailHash).filter((hash) => hash !== null);
  const suppressed = await findSuppressions(trx, 'email', hashes, now);
  return contacts.filter((contact) => {
    const hash = contact.emailHash;
    const why =
      hash === null
        ? 'has no e-mail address'
        : suppressed.has(hash)
          ? `is suppressed (${suppressed.get(hash)})`
          : outside(contact, subject, score);
    if (why !== null) passedOver.push(`contact ${contact.id}: ${why}`);
    return why === null;
  });
}

/** Null when one of the contact's buy boxes takes the property, else the reasons of all. */
function outside(contact: PlanContact, subject: PlanSubject, score: number): string | null {
  const answers = contact.boxes.map((box) => matchesBuyBox(box, subject, score));
  return answers.some((answer) => answer.matches)
    ? null
    : answers.map((answer) => (answer.matches ? '' : answer.reason)).join('; ');
}

/** Why a person has to act before any of the sends may leave; null when at least one may. */
async function personHold(trx: TenantTrx, campaigns: PlanCampaign[], sends: PlannedSend[]): Promise<string | null> {
  const approved = await listApproved(
    trx,
    sends.map((send) => send.sendId),
  );
  const reasons = campaigns.map((campaign) => {
    if (campaign.status !== 'active') return `The campaign '${campaign.name}' is ${campaign.status}.`;
    const waits = sends.some((send) => send.campaignId === campaign.id && !approved.has(send.sendId));
    const isApproved = sends.some((send) => send.campaignId === campaign.id && approved.has(send.sendId));
    return campaign.needsApproval && waits && !isApproved
      ? `The campaign '${campaign.name}' waits for approval.`
      : null;
  });
  return reasons.every((reason) => reason !== null) ? (reasons[0] ?? null) : null;
}
