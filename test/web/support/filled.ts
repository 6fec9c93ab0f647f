import { take } from '../../../src/sdk/client.ts';
import { seedDesk } from './filled-desk.ts';
import { seedMarkets } from './filled-market.ts';
import { seedModel, seedOutcomes } from './filled-model.ts';
import { seedOutreach } from './filled-outreach.ts';
import { seedBriefing } from './filled-packets.ts';
import type { SignedUp } from './people.ts';
import { seedCampaign, seedProperties } from './seed.ts';
import type { DashboardSystem } from './system.ts';

/** What addresses of the filled organisation name. */
export interface FilledIds extends Record<string, string> {
  property: string;
  campaign: string;
  draft: string;
  import: string;
  packet: string;
  contact: string;
}

/**
 * Fills an organisation as months of work do, so that every screen has something to show: a model, properties with memos,
 * a running campaign and a draft, ten markets with a briefing, and what people leave behind.
 */
export async function fillOrganisation(system: DashboardSystem, admin: SignedUp, rows = 90): Promise<FilledIds> {
  await seedMarkets(system, admin);
  const property = await seedProperties(system, admin, rows);
  const { campaignId: draft, contactId: contact } = await seedCampaign(admin);
  const [modelId, { campaignId: campaign }, { packetId: packet }] = await Promise.all([
    seedModel(system, admin),
    seedOutreach(system, admin),
    seedBriefing(system, admin),
  ]);
  await seedDesk(system, admin, property);
  await seedOutcomes(system, admin, modelId);
  const imports = await take<{ items: Array<{ id: string }> }>(admin.api.GET('/api/v1/imports'));
  return { property, campaign, draft, contact, packet, import: imports.items[0]!.id };
}
