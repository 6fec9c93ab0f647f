import { countMessages } from '../../db/queries/campaign-metrics.ts';
import { approveCampaign } from '../../db/queries/campaign-status.ts';
import { type Campaign, findCampaign, listCampaigns } from '../../db/queries/campaigns.ts';
import { withTenant } from '../../db/tenant.ts';
import { workflowIds } from '../../domain/ids.ts';
import { addCounts, METRICS, measure } from '../../domain/outreach/metrics.ts';
import { metricsReport, variantTests } from '../campaign-report.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';

/** `reos campaign list`: every campaign and how it goes. */
export const campaignList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List campaigns with status, approval and main numbers, newest first')
      .addHelpText('after', '\nExample:\n  $ reos campaign list'),
  async run(context) {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const { campaigns, groups } = await withTenant(system.db, tenant.id, async (trx) => ({
        campaigns: await listCampaigns(trx),
        groups: await countMessages(trx, null),
      }));
      const rows = campaigns.map((campaign) => ({
        ...campaignOf(tenant.id, campaign),
        metrics: measure(addCounts(groups.filter(({ campaignId }) => campaignId === campaign.id))),
      }));
      const shown = rows.map(({ metrics, ...row }) => ({
        name: row.name,
        kind: row.kind,
        status: row.status,
        approved: row.needs_approval ? (row.approved_by ?? 'no') : 'not needed',
        sent: metrics.sent,
        held: metrics.held,
        id: row.campaign_id,
      }));
      context.output.answer(
        { tenant: tenant.slug, campaigns: rows },
        table(shown, ['name', 'kind', 'status', 'approved', 'sent', 'held', 'id']),
      );
    });
  },
};

/** `reos campaign show NAME`: its definition, where it stands, its metrics and its tests of variants. */
export const campaignShow: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Show a campaign: definition, state, metrics by step and variant, test of variants')
      .argument('<campaign>', 'name or id')
      .addHelpText('after', '\nExample:\n  $ reos campaign show "Deals of the week"'),
  async run(context, [name]) {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const { campaign, groups } = await withTenant(system.db, tenant.id, async (trx) => {
        const found = await findCampaign(trx, String(name));
        return { campaign: found, groups: await countMessages(trx, found.id) };
      });
      const tests = variantTests(groups);
      const shape = campaignOf(tenant.id, campaign);
      context.output.answer(
        {
          ...shape,
          definition: campaign.definition,
          metrics: measure(addCounts(groups)),
          by_step: groups.map(({ step, channel, variant, ...counts }) => ({
            step,
            channel,
            variant,
            ...measure(counts),
          })),
          tests,
          definitions: METRICS,
        },
        metricsReport(campaign, groups, tests),
      );
    });
  },
};

/** `reos campaign approve NAME`: records who approved it as it is now. */
export const campaignApprove: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description(
        'Approve a campaign as it is now; a later change of audience, steps or sender needs another approval',
      )
      .argument('<campaign>', 'name or id')
      .option('--by <name>', 'who approves', 'operator')
      .addHelpText('after', '\nExample:\n  $ reos campaign approve "Deals of the week" --by "Jo Example"'),
  async run(context, [name], options) {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const campaign = await withTenant(system.db, tenant.id, async (trx) => {
        const found = await findCampaign(trx, String(name));
        await approveCampaign(trx, found, { by: String(options.by), at: new Date() });
        return findCampaign(trx, found.id);
      });
      context.output.answer(
        campaignOf(tenant.id, campaign),
        `${campaign.definition.name}: approved by ${campaign.approvedBy}. Run it with: reos campaign run "${campaign.definition.name}"`,
      );
    });
  },
};

/** A campaign as the command line's JSON shows it. */
export function campaignOf(tenantId: string, campaign: Campaign) {
  return {
    campaign_id: campaign.id,
    workflow_id: workflowIds.campaign(tenantId, campaign.id),
    name: campaign.definition.name,
    kind: campaign.definition.kind,
    status: campaign.status,
    needs_approval: campaign.definition.needs_approval,
    approved_at: campaign.approvedAt,
    approved_by: campaign.approvedAt === null ? null : campaign.approvedBy,
    created_at: campaign.createdAt,
    ended_at: campaign.endedAt,
    reason: campaign.reason,
  };
}
