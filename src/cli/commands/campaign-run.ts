import { setTimeout as sleep } from 'node:timers/promises';
import { campaignOf } from '../../api/routes/campaign-shapes.ts';
import { askCampaign, runCampaign } from '../../client/campaigns.ts';
import { countOpenSends } from '../../db/queries/campaign-metrics.ts';
import { findCampaign } from '../../db/queries/campaigns.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { ApiVerb, EitherVerb } from '../main.ts';
import { findCampaign as findRemote } from './campaign.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos campaign run NAME`: one run now; stays until its messages have left or are held. */
export const campaignRun: EitherVerb = {
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
  async askRemote({ api, output }, [name], options) {
    const until = Date.now() + wholeNumber('--wait', options.wait) * 1000;
    const { id } = await findRemote(api, name);
    const params = { path: { id } };
    const campaign = await take(api.POST('/api/v1/campaigns/{id}/run', { params }));
    const ask = async () => (await take(api.GET('/api/v1/campaigns/{id}/metrics', { params }))).messages;
    const bar = output.bar('campaign');
    try {
      // The run plans its messages before there is one to wait for.
      await sleep(PLANNING_MS);
      let messages = await ask();
      while (messages.waiting > 0 && Date.now() < until) {
        bar.update(messages.total - messages.waiting, messages.total);
        await sleep(1000);
        messages = await ask();
      }
      const { total, sent, held, errors, unknown, waiting } = messages;
      output.answer(
        { ...campaign, messages },
        `${campaign.name}: of ${total} messages in all ${sent} sent, ${held} held, ${errors} not sent, ${unknown} unknown${waiting > 0 ? `, ${waiting} still on their way` : ''}.`,
      );
    } finally {
      bar.stop();
    }
  },
};

const PLANNING_MS = 3_000;

/** `reos campaign pause NAME`: nothing leaves until it is resumed. */
export const campaignPause = orderVerb('pause', 'Pause a campaign: nothing of it leaves until it is resumed');
/** `reos campaign resume NAME`: goes on with a paused one. */
export const campaignResume = orderVerb('resume', 'Resume a paused campaign');
/** `reos campaign stop NAME`: the kill switch. */
export const campaignStop = orderVerb('stop', 'End a campaign for good: nothing planned leaves any more');

function orderVerb(order: 'pause' | 'resume' | 'stop', what: string): ApiVerb {
  return {
    needs: 'temporal',
    describe: (command) =>
      command
        .description(what)
        .argument('<campaign>', 'name or id')
        .option('--reason <text>', 'why, for whoever looks later')
        .addHelpText('after', `\nExample:\n  $ reos campaign ${order} "Deals of the week"`),
    async ask({ api, output }, [name], options) {
      const { id } = await findRemote(api, name);
      const call = {
        params: { path: { id } },
        body: options.reason === undefined ? {} : { reason: String(options.reason) },
      };
      const campaign = await take(
        order === 'pause'
          ? api.POST('/api/v1/campaigns/{id}/pause', call)
          : order === 'resume'
            ? api.POST('/api/v1/campaigns/{id}/resume', call)
            : api.POST('/api/v1/campaigns/{id}/stop', call),
      );
      output.answer(campaign, `${campaign.name}: ${campaign.status}.`);
    },
  };
}
