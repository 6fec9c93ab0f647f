import {
  type AudienceCursor,
  countInRun,
  listAudience,
  listAudienceContacts,
  loadLedger,
  loadWeekly,
} from '../../db/queries/campaign-audience.ts';
import type { PlanCampaign } from '../../db/queries/outreach-plan.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import {
  type AudienceContact,
  type AudienceLedger,
  type ChosenSend,
  chooseSends,
  type PassedOver,
} from '../../domain/outreach/audience.ts';
import type { OutreachDeps } from './deps.ts';

const PAGE = 500;

/** What choosing came to: properties looked at, sends chosen, and why others were passed over. */
export interface Choice {
  looked: number;
  chosen: number;
  passedOver: Partial<Record<PassedOver, number>>;
}

/**
 * Chooses the sends of a campaign's run, best properties first, a page and a transaction at a time. Run and preview
 * share it, so that a preview tells what a run does.
 * @param take called with each page's chosen sends, in its transaction
 * @param toTheEnd true to look at the whole audience when the run is full, for the counts
 */
export async function chooseForRun(
  deps: Pick<OutreachDeps, 'db' | 'clock'>,
  tenantId: string,
  campaign: PlanCampaign,
  take: (trx: TenantTrx, chosen: ChosenSend[]) => Promise<void>,
  options: { toTheEnd: boolean; onPage?: (choice: Choice) => void },
): Promise<Choice> {
  const choice: Choice = { looked: 0, chosen: 0, passedOver: {} };
  let after: AudienceCursor | null = null;
  let ledger: AudienceLedger | undefined;
  let investors: Map<string, AudienceContact> | undefined;
  for (;;) {
    const page = await withTenant(deps.db, tenantId, async (trx) => {
      const now = deps.clock();
      const properties = await listAudience(trx, campaign, { after, limit: PAGE });
      const ids = properties.map(({ id }) => id);
      const past = await loadLedger(trx, campaign, ids, now);
      const remaining =
        ledger?.remaining ?? Math.max(0, campaign.maxPerRun - (await countInRun(trx, campaign.id, now)));
      const weekly = ledger?.weekly ?? (await loadWeekly(trx, now));
      ledger = { ...past, weekly, weeklyCap: campaign.weeklyCapPerRecipient, remaining };
      const owners = properties.flatMap(({ ownerIds }) => ownerIds);
      if (campaign.kind === 'investor') investors ??= await listAudienceContacts(trx, campaign, [], now);
      const contacts = investors ?? (await listAudienceContacts(trx, campaign, owners, now));
      const { chosen, passedOver } = chooseSends(campaign, properties, contacts, ledger);
      if (chosen.length > 0) await take(trx, chosen);
      return { properties, chosen, passedOver, isFull: ledger.remaining <= 0 };
    });
    choice.looked += page.properties.length;
    choice.chosen += page.chosen.length;
    for (const [code, count] of Object.entries(page.passedOver) as [PassedOver, number][]) {
      choice.passedOver[code] = (choice.passedOver[code] ?? 0) + count;
    }
    options.onPage?.(choice);
    const last = page.properties.at(-1);
    if (last === undefined || page.properties.length < PAGE || (page.isFull && !options.toTheEnd)) return choice;
    after = { score: last.birdDogScore ?? 0, id: last.id };
  }
}
