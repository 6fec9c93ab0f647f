import { ReosError } from '../../domain/errors.ts';
import { type CampaignDefinition, sendWindowOf, throttleOf } from '../../domain/outreach/campaign.ts';
import type { ChannelKind } from '../../domain/outreach/contact.ts';
import type { SendWindow } from '../../domain/outreach/send-window.ts';
import type { Throttle } from '../../domain/outreach/throttle.ts';
import { json } from '../json.ts';
import type { TenantTrx } from '../tenant.ts';

/** A step as `listCampaigns` selects it. */
export interface StoredStep {
  step: number;
  channel: string;
  template: string;
  waitDays: number;
  variants: { name: string; template: string; weight?: number }[];
}

/** A row of campaigns with its steps, as far as its definition goes. */
export interface StoredCampaign {
  name: string;
  kind: string;
  minScore: number;
  audience: unknown;
  steps: StoredStep[];
  needsApproval: boolean;
  sendWindow: unknown;
  throttle: unknown;
  maxPerRun: number;
  weeklyCapPerRecipient: number;
  dedupeDays: number;
  waitDays: number;
  sender: unknown;
  postalAddress: string;
  callToAction: unknown;
}

/** The columns of `campaigns` that hold a definition. `countyFips`: its counties, looked up. */
export function columnsOf(definition: CampaignDefinition, countyFips: readonly string[]) {
  const { audience, sender, call_to_action: callToAction } = definition;
  const sendWindow = sendWindowOf(definition);
  const throttle = throttleOf(definition);
  return {
    name: definition.name,
    kind: definition.kind,
    minScore: audience.min_score,
    audience: json({
      counties: audience.counties,
      countyFips,
      propertyTypes: audience.property_types,
      contactTags: audience.contact_tags,
      ...(audience.tags === undefined ? {} : { propertyTags: audience.tags }),
    }),
    needsApproval: definition.needs_approval,
    sendWindow: sendWindow === null ? null : json(sendWindow),
    throttle: throttle === null ? null : json(throttle),
    maxPerRun: definition.max_per_run,
    weeklyCapPerRecipient: definition.weekly_cap_per_recipient,
    dedupeDays: definition.dedupe_days,
    waitDays: definition.wait_days,
    sender: json({
      name: sender.name,
      email: sender.email,
      ...(sender.reply_to === undefined ? {} : { replyTo: sender.reply_to }),
      ...(sender.phone === undefined ? {} : { phone: sender.phone }),
      ...(sender.address === undefined ? {} : { address: sender.address }),
    }),
    postalAddress: definition.postal_address,
    callToAction: callToAction === null ? null : json(callToAction),
  };
}

/** The definition that a row holds. A row written by hand may lack what a file must have; that is left out. */
export function definitionOf(row: StoredCampaign): CampaignDefinition {
  const audience = (row.audience ?? {}) as {
    counties?: string[];
    propertyTypes?: string[];
    contactTags?: string[];
    propertyTags?: string[];
  };
  const sender = (row.sender ?? {}) as Partial<CampaignDefinition['sender']> & { replyTo?: string };
  const window = row.sendWindow as SendWindow | null;
  const throttle = row.throttle as Partial<Throttle> | null;
  const warmUp = throttle?.warmUp ?? null;
  return {
    name: row.name,
    kind: row.kind as CampaignDefinition['kind'],
    audience: {
      min_score: row.minScore,
      counties: audience.counties ?? [],
      property_types: audience.propertyTypes ?? [],
      contact_tags: audience.contactTags ?? [],
      ...(audience.propertyTags === undefined ? {} : { tags: audience.propertyTags }),
    },
    steps: row.steps.map(({ channel, template, waitDays, variants }, index) => ({
      channel: channel as ChannelKind,
      template,
      ...(index === 0 ? {} : { wait_days: waitDays }),
      variants: variants.map((variant) => ({ ...variant, weight: variant.weight ?? 1 })),
    })),
    needs_approval: row.needsApproval,
    send_window: window === null ? null : { days: window.days, start_hour: window.startHour, end_hour: window.endHour },
    throttle:
      throttle === null
        ? null
        : {
            per_domain_per_hour: throttle.perDomainPerHour ?? null,
            warm_up: warmUp === null ? null : { start_per_day: warmUp.startPerDay, growth: warmUp.growth },
          },
    max_per_run: row.maxPerRun,
    weekly_cap_per_recipient: row.weeklyCapPerRecipient,
    dedupe_days: row.dedupeDays,
    wait_days: row.waitDays,
    sender: {
      name: sender.name ?? '',
      email: sender.email ?? '',
      ...(sender.replyTo === undefined ? {} : { reply_to: sender.replyTo }),
      ...(sender.phone === undefined ? {} : { phone: sender.phone }),
      ...(sender.address === undefined ? {} : { address: sender.address }),
    },
    postal_address: row.postalAddress,
    call_to_action: row.callToAction as CampaignDefinition['call_to_action'],
  };
}

/** Writes the steps of a definition over those that are there. */
export async function writeSteps(trx: TenantTrx, campaignId: string, { steps }: CampaignDefinition): Promise<void> {
  await trx.db
    .insertInto('campaignSteps')
    .values(
      steps.map((step, index) => ({
        tenantId: trx.tenantId,
        campaignId,
        step: index + 1,
        channel: step.channel,
        template: step.template,
        waitDays: step.wait_days ?? 0,
        variants: json(step.variants),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'campaignId', 'step']).doUpdateSet((eb) => ({
        channel: eb.ref('excluded.channel'),
        template: eb.ref('excluded.template'),
        waitDays: eb.ref('excluded.waitDays'),
        variants: eb.ref('excluded.variants'),
      })),
    )
    .execute();
}

/**
 * Takes steps beyond the last one away.
 * @throws ReosError `conflict` when one of them has messages: they are made of it
 */
export async function dropSteps(trx: TenantTrx, campaignId: string, last: number): Promise<void> {
  const used = await trx.db
    .selectFrom('outreachMessages')
    .select('step')
    .where('tenantId', '=', trx.tenantId)
    .where('campaignId', '=', campaignId)
    .where('step', '>', last)
    .orderBy('step', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined) {
    throw new ReosError(
      'conflict',
      `Step ${used.step} has messages and cannot be taken away. End the campaign (reos campaign stop) and create another.`,
    );
  }
  await trx.db
    .deleteFrom('campaignSteps')
    .where('tenantId', '=', trx.tenantId)
    .where('campaignId', '=', campaignId)
    .where('step', '>', last)
    .execute();
}
