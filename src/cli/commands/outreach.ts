import { countStatuses, listCampaignLoads, listHolds } from '../../db/queries/outreach-status.ts';
import { pauseSending, readSendingStates, resumeSending } from '../../db/queries/sending-states.ts';
import { withTenant } from '../../db/tenant.ts';
import { CHANNEL_KINDS, type ChannelKind } from '../../domain/outreach/contact.ts';
import { throttleSchema, warmUpLimit } from '../../domain/outreach/throttle.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { channelOf, onContacts, operatorName } from './contact-context.ts';

/** `reos outreach status`: pauses, rates, caps and what waits. */
export const outreachStatus: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description(
        'Whether messages may leave: pauses, bounce and complaint rates, caps, warm-up, and what waits for what',
      )
      .addHelpText('after', '\nExample:\n  $ reos outreach status --json'),
  run: (context) =>
    onContacts(context, async ({ system, tenant }) => {
      const now = new Date();
      const found = await withTenant(system.db, tenant.id, async (trx) => ({
        states: await readSendingStates(trx, now),
        campaigns: await listCampaignLoads(trx, now),
        holds: await listHolds(trx),
        statuses: await countStatuses(trx),
      }));
      const channels = CHANNEL_KINDS.map((channel) => {
        const state = found.states.find((one) => one.channel === channel);
        const sent = state?.sent ?? 0;
        const own = found.statuses.filter((row) => row.channel === channel);
        return {
          channel,
          paused: state?.isPaused ?? false,
          reason: state?.reason ?? null,
          changed_by: state?.changedBy ?? null,
          changed_at: state?.changedAt ?? null,
          counted_from: state?.countedFrom ?? null,
          sent,
          hard_bounces: state?.hardBounces ?? 0,
          complaints: state?.complaints ?? 0,
          hard_bounce_rate: sent === 0 ? null : (state?.hardBounces ?? 0) / sent,
          complaint_rate: sent === 0 ? null : (state?.complaints ?? 0) / sent,
          first_sent_at: state?.firstSentAt ?? null,
          statuses: Object.fromEntries(own.map(({ status, sends }) => [status, sends])),
        };
      });
      const firstSentAt = found.states.find(({ channel }) => channel === 'email')?.firstSentAt ?? null;
      const campaigns = found.campaigns.map((row) => {
        const throttle = throttleSchema.nullable().safeParse(row.throttle).data ?? null;
        const limit = throttle?.warmUp == null ? null : warmUpLimit(throttle.warmUp, firstSentAt, now);
        return {
          campaign_id: row.id,
          name: row.name,
          kind: row.kind,
          status: row.status,
          max_per_run: row.maxPerRun,
          sent_in_day: row.sentInDay,
          waiting: row.waiting,
          weekly_cap_per_recipient: row.weeklyCapPerRecipient,
          dedupe_days: row.dedupeDays,
          per_domain_per_hour: throttle?.perDomainPerHour ?? null,
          warm_up_today: limit,
        };
      });
      const percent = (rate: number | null) => (rate === null ? '-' : `${(rate * 100).toFixed(2)}%`);
      const text = [
        table(
          channels.map((row) => ({
            ...row,
            state: row.paused ? `paused: ${row.reason ?? 'by a person'}` : 'open',
            bounces: percent(row.hard_bounce_rate),
            spam: percent(row.complaint_rate),
            unknown: row.statuses['unknown'] ?? 0,
          })),
          ['channel', 'state', 'sent', 'bounces', 'spam', 'unknown'],
        ),
        '',
        table(campaigns, [
          'name',
          'status',
          'sent_in_day',
          'max_per_run',
          'waiting',
          'weekly_cap_per_recipient',
          'warm_up_today',
        ]),
        ...(found.holds.length === 0 ? [] : ['', 'Waiting:']),
        ...found.holds.map(({ channel, reason, sends }) => `  ${sends} ${channel}: ${reason ?? 'not looked at yet'}`),
      ];
      context.output.answer({ channels, campaigns, waiting: found.holds }, text.join('\n'));
    }),
};

/** `reos outreach pause`: nothing of the tenant leaves any more, at once. */
export const outreachPause: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Stop the tenant’s sending at once, by one channel or all; what is planned waits')
      .option('--channel <channel>', 'email, sms or mail (default: all)')
      .option('--reason <text>', 'why', 'paused by a person')
      .addHelpText('after', '\nExample:\n  $ reos outreach pause --reason "wrong price in the memo"'),
  run: (context, _args, options) =>
    onContacts(context, async ({ system, tenant }) => {
      const channels = channelsOf(options.channel);
      const pause = { reason: String(options.reason), by: operatorName(), now: new Date() };
      const paused = await withTenant(system.db, tenant.id, async (trx) => {
        const done: ChannelKind[] = [];
        for (const channel of channels) if (await pauseSending(trx, { ...pause, channel })) done.push(channel);
        return done;
      });
      const text = channels.map(
        (channel) => `${channel}: ${paused.includes(channel) ? 'paused' : 'was paused already'}`,
      );
      context.output.answer({ paused, reason: pause.reason }, text.join('\n'));
    }),
};

/** `reos outreach resume`: sending goes on, and the rates are counted anew. */
export const outreachResume: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Let the tenant send again; bounce and complaint rates are counted from now')
      .option('--channel <channel>', 'email, sms or mail (default: all)')
      .addHelpText('after', '\nExample:\n  $ reos outreach resume --channel email'),
  run: (context, _args, options) =>
    onContacts(context, async ({ system, tenant }) => {
      const channels = channelsOf(options.channel);
      const resumption = { by: operatorName(), now: new Date() };
      const resumed = await withTenant(system.db, tenant.id, async (trx) => {
        const done: ChannelKind[] = [];
        for (const channel of channels) if (await resumeSending(trx, { ...resumption, channel })) done.push(channel);
        return done;
      });
      const text = channels.map((channel) => `${channel}: ${resumed.includes(channel) ? 'resumed' : 'was not paused'}`);
      context.output.answer({ resumed }, text.join('\n'));
    }),
};

const channelsOf = (value: unknown): readonly ChannelKind[] =>
  value === undefined ? CHANNEL_KINDS : [channelOf(value)];
