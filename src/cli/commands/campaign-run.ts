import { setTimeout as sleep } from 'node:timers/promises';
import { askCampaign, orderCampaign, runCampaign } from '../../client/campaigns.ts';
import { countOpenSends } from '../../db/queries/campaign-metrics.ts';
import { setCampaignStatus } from '../../db/queries/campaign-status.ts';
import { findCampaign } from '../../db/queries/campaigns.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { campaignOf } from './campaign.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos campaign run NAME`: one run now; stays until its messages have left or are held. */
export const campaignRun: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Run a campaign once, now, and wait until its messages have left or are held')
      .argument('<campaign>', 'name or id')
      .option('--wait <seconds>', 'how long to wait for the messages', '120')
      .addHelpText('after', '\nExample:\n  $ reos campaign run "Deals of the week"'),
  async run(context, [name], options) {
    const waitMs = wholeNumber('--wait', options.wait) * 1000;
    await useSystem(context, { services: true }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const campaign = await withTenant(system.db, tenant.id, (trx) => findCampaign(trx, String(name)));
      const client = await system.temporal();
      const ref = { tenantId: tenant.id, campaignId: campaign.id, name: campaign.definition.name };
      const { lastRun } = await runCampaign(client, ref);
      if (lastRun === null || lastRun.reason !== null) {
        throw new ReosError('conflict', lastRun?.reason ?? 'The run did not begin. Try again.');
      }
      const bar = context.output.bar('campaign');
      const until = Date.now() + waitMs;
      let open = await withTenant(system.db, tenant.id, (trx) => countOpenSends(trx, campaign.id));
      try {
        while (open.waiting > 0 && Date.now() < until) {
          bar.update(open.total - open.waiting, open.total);
          await sleep(300);
          open = await withTenant(system.db, tenant.id, (trx) => countOpenSends(trx, campaign.id));
        }
        bar.update(open.total - open.waiting, open.total);
      } finally {
        bar.stop();
      }
      const { total, ...counts } = open;
      const run = {
        audience: lastRun.audience,
        planned: lastRun.planned,
        asked: lastRun.asked,
        passed_over: lastRun.passedOver,
      };
      context.output.answer(
        {
          ...campaignOf(tenant.id, campaign),
          run,
          messages: { total, ...counts },
          workflow: await askCampaign(client, ref),
        },
        `${campaign.definition.name}: ${run.planned} planned, ${run.asked} properties asked. Of ${total} messages in all ${counts.sent} sent, ${counts.held} held, ${counts.errors} not sent, ${counts.unknown} unknown${counts.waiting > 0 ? `, ${counts.waiting} still on their way` : ''}.`,
      );
    });
  },
};

/** `reos campaign pause NAME`: nothing leaves until it is resumed. */
export const campaignPause = orderVerb('pause', 'paused', 'Pause a campaign: nothing of it leaves until it is resumed');
/** `reos campaign resume NAME`: goes on with a paused one. */
export const campaignResume = orderVerb('resume', 'active', 'Resume a paused campaign');
/** `reos campaign stop NAME`: the kill switch. */
export const campaignStop = orderVerb('stop', 'ended', 'End a campaign for good: nothing planned leaves any more');

/** The order is written first, where the gate reads it, so that it holds also while no worker runs. */
function orderVerb(order: 'pause' | 'resume' | 'stop', status: 'active' | 'paused' | 'ended', what: string): Verb {
  return {
    localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
    describe: (command) =>
      command
        .description(what)
        .argument('<campaign>', 'name or id')
        .option('--reason <text>', 'why, for whoever looks later')
        .addHelpText('after', `\nExample:\n  $ reos campaign ${order} "Deals of the week"`),
    async run(context, [name], options) {
      const reason = options.reason === undefined ? null : String(options.reason);
      await useSystem(context, { services: false }, async (system) => {
        const tenant = await chooseTenant(context, system.db);
        const campaign = await withTenant(system.db, tenant.id, async (trx) => {
          const found = await findCampaign(trx, String(name));
          await setCampaignStatus(trx, found, { status, reason, at: new Date() });
          return findCampaign(trx, found.id);
        });
        const ref = { tenantId: tenant.id, campaignId: campaign.id, name: campaign.definition.name };
        const isTold = await orderCampaign(await system.temporal(), ref, order, reason);
        context.output.answer(
          { ...campaignOf(tenant.id, campaign), workflow_told: isTold },
          `${campaign.definition.name}: ${campaign.status}.`,
        );
      });
    },
  };
}
