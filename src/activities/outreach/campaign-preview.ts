import { sql } from 'kysely';
import { type BudgetState, listBudgets } from '../../db/queries/budgets.ts';
import { countAudience } from '../../db/queries/campaign-audience.ts';
import { type Campaign, findCampaign } from '../../db/queries/campaigns.ts';
import { insertPlanned, listPlanCampaigns } from '../../db/queries/outreach-plan.ts';
import { loadSend, type SendRow } from '../../db/queries/outreach-send.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { sendId } from '../../domain/ids.ts';
import type { ChosenSend, PassedOver } from '../../domain/outreach/audience.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import { idleReason } from './campaign.ts';
import { chooseForRun } from './campaign-choice.ts';
import type { OutboundMessage } from './channel.ts';
import { composePreview } from './compose.ts';
import type { OutreachDeps } from './deps.ts';
import { toPlanned } from './plan.ts';

/** One step of the campaign as the first recipient would see it. Money in 1e-6 USD; null where no message can be made. */
export interface StepPreview {
  step: number;
  variant: string | null;
  channel: ChannelKind;
  provider: string;
  message: OutboundMessage | null;
  problem: string | null;
  costEachMicros: number | null;
  /** Messages of the step if nobody answers before it; the first step's are those of the run. */
  messages: number;
}

/** What a run would do now. Nothing of it is written. */
export interface CampaignPreview {
  campaign: Campaign;
  /** Why a run would do nothing now; null when it would. */
  reason: string | null;
  /** Properties that the campaign is about. */
  audience: number;
  /** Messages of the run's first step. */
  messages: number;
  /** Why recipients or properties of the audience are passed over, and how often. */
  passedOver: Partial<Record<PassedOver, number>>;
  first: { contactName: string; propertyId: string; property: string; score: number | null }[];
  steps: StepPreview[];
  /** Budgets of the providers that cost something. */
  budgets: BudgetState[];
}

/**
 * A dry run: who would get what, what it would cost, and each step as the first recipient would see it. Messages are
 * made from rows that are taken back before the transaction ends.
 * @throws ReosError `not_found` for an unknown campaign
 */
export async function previewCampaign(
  deps: OutreachDeps,
  input: { tenantId: string; campaign: string; first: number },
): Promise<CampaignPreview> {
  const { tenantId } = input;
  const campaign = await withTenant(deps.db, tenantId, (trx) => findCampaign(trx, input.campaign));
  const [plan] = await withTenant(deps.db, tenantId, (trx) => listPlanCampaigns(trx, campaign.id));
  if (plan === undefined) throw new ReosError('validation', `The campaign '${campaign.definition.name}' has no steps.`);
  const chosen: ChosenSend[] = [];
  const keep = async (_trx: TenantTrx, page: ChosenSend[]) => {
    chosen.push(...page.slice(0, Math.max(0, input.first - chosen.length)));
  };
  const choice = await chooseForRun(deps, tenantId, plan, keep, { toTheEnd: true });
  const { audience, sends } = await withTenant(deps.db, tenantId, async (trx) => ({
    audience: await countAudience(trx, plan),
    sends: await loadUnwritten(deps, trx, campaign, toPlanned(tenantId, plan, chosen)),
  }));
  const steps: StepPreview[] = [];
  for (const send of sends.steps) steps.push(await showStep(deps, tenantId, send, choice.chosen, plan.step));
  const providers = new Set(steps.filter(({ costEachMicros }) => (costEachMicros ?? 0) > 0).map((one) => one.provider));
  const budgets = await withTenant(deps.db, tenantId, async (trx) => {
    const all = [];
    for (const provider of providers) all.push(...(await listBudgets(trx, provider)));
    return all;
  });
  return {
    campaign,
    reason: idleReason(campaign),
    audience,
    messages: choice.chosen,
    passedOver: choice.passedOver,
    first: sends.first.map((send) => ({
      contactName: send.contact.name,
      propertyId: send.propertyId,
      property: [send.address ?? send.apn, send.city].filter(Boolean).join(', '),
      score: send.birdDogScore,
    })),
    steps,
    budgets,
  };
}

/** The rows of sends as they would be, every step and variant for the first recipient; they are gone afterwards. */
async function loadUnwritten(
  deps: OutreachDeps,
  trx: TenantTrx,
  campaign: Campaign,
  planned: ReturnType<typeof toPlanned>,
): Promise<{ first: SendRow[]; steps: SendRow[] }> {
  const [sample] = planned;
  if (sample === undefined) return { first: [], steps: [] };
  await sql`savepoint preview`.execute(trx.db);
  const first: SendRow[] = [];
  const steps: SendRow[] = [];
  await insertPlanned(trx, planned, deps.clock());
  for (const { sendId: id } of planned) first.push(...(await loadAsList(deps, trx, id)));
  for (const [index, { channel, variants }] of campaign.definition.steps.entries()) {
    const step = index + 1;
    const id = sendId(trx.tenantId, { ...sample, step });
    await insertPlanned(
      trx,
      [{ ...sample, step, channel, variant: null, sendId: id, unsubscribeToken: id }],
      deps.clock(),
    );
    const [row] = await loadAsList(deps, trx, id);
    if (row === undefined) continue;
    const names = variants.length === 0 ? [null] : variants.map(({ name }) => name);
    steps.push(...names.map((variant) => ({ ...row, variant, unsubscribeToken: 'preview' })));
  }
  await sql`rollback to savepoint preview`.execute(trx.db);
  return { first, steps };
}

async function loadAsList(deps: OutreachDeps, trx: TenantTrx, id: string): Promise<SendRow[]> {
  const row = await loadSend(trx, deps.keys, id);
  return row === null ? [] : [row];
}

async function showStep(
  deps: OutreachDeps,
  tenantId: string,
  send: SendRow,
  messages: number,
  firstStep: number,
): Promise<StepPreview> {
  const channel = deps.channels[send.channel];
  const base = { step: send.step, variant: send.variant, channel: send.channel, provider: channel.name };
  if (send.addressHash === null && send.step > firstStep) {
    const problem = `The first recipient has no address for ${send.channel}: the step is left out for such recipients.`;
    return { ...base, message: null, problem, costEachMicros: null, messages };
  }
  try {
    const message = await composePreview(deps, send, tenantId);
    return { ...base, message, problem: null, costEachMicros: channel.costMicros(message), messages };
  } catch (error) {
    return { ...base, message: null, problem: messageOf(error), costEachMicros: null, messages };
  }
}
