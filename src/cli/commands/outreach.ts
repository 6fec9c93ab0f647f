import { CHANNEL_KINDS, type ChannelKind } from '../../domain/outreach/contact.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { channelOf } from './contact-context.ts';

/** `reos outreach status`: pauses, rates, caps and what waits. */
export const outreachStatus: ApiVerb = {
  describe: (command) =>
    command
      .description(
        'Whether messages may leave: pauses, bounce and complaint rates, caps, warm-up, and what waits for what',
      )
      .addHelpText('after', '\nExample:\n  $ reos outreach status --json'),
  async ask({ api, output }) {
    const status = await take(api.GET('/api/v1/outreach/status'));
    const percent = (rate: number | null) => (rate === null ? '-' : `${(rate * 100).toFixed(2)}%`);
    const text = [
      table(
        status.channels.map((row) => ({
          ...row,
          state: row.paused ? `paused: ${row.reason ?? 'by a person'}` : 'open',
          bounces: percent(row.hard_bounce_rate),
          spam: percent(row.complaint_rate),
          unknown: row.statuses['unknown'] ?? 0,
        })),
        ['channel', 'state', 'sent', 'bounces', 'spam', 'unknown'],
      ),
      '',
      table(status.campaigns, [
        'name',
        'status',
        'sent_in_day',
        'max_per_run',
        'waiting',
        'weekly_cap_per_recipient',
        'warm_up_today',
      ]),
      ...(status.waiting.length === 0 ? [] : ['', 'Waiting:']),
      ...status.waiting.map(({ channel, reason, sends }) => `  ${sends} ${channel}: ${reason ?? 'not looked at yet'}`),
    ];
    output.answer(status, text.join('\n'));
  },
};

/** `reos outreach pause`: nothing of the tenant leaves any more, at once. */
export const outreachPause: ApiVerb = {
  describe: (command) =>
    command
      .description('Stop the tenant’s sending at once, by one channel or all; what is planned waits')
      .option('--channel <channel>', 'email, sms or mail (default: all)')
      .option('--reason <text>', 'why', 'paused by a person')
      .addHelpText('after', '\nExample:\n  $ reos outreach pause --reason "wrong price in the memo"'),
  async ask({ api, output }, _args, options) {
    const [reason, channel] = [String(options.reason), channelIn(options)];
    const { paused } = await take(api.POST('/api/v1/outreach/pause', { body: { reason, ...channel } }));
    output.answer({ paused, reason }, changes(channel.channel, paused, 'paused', 'was paused already'));
  },
};

/** `reos outreach resume`: sending goes on, and the rates are counted anew. */
export const outreachResume: ApiVerb = {
  describe: (command) =>
    command
      .description('Let the tenant send again; bounce and complaint rates are counted from now')
      .option('--channel <channel>', 'email, sms or mail (default: all)')
      .addHelpText('after', '\nExample:\n  $ reos outreach resume --channel email'),
  async ask({ api, output }, _args, options) {
    const channel = channelIn(options);
    const { resumed } = await take(api.POST('/api/v1/outreach/resume', { body: channel }));
    output.answer({ resumed }, changes(channel.channel, resumed, 'resumed', 'was not paused'));
  },
};

function channelIn({ channel }: Record<string, unknown>): { channel?: ChannelKind } {
  return channel === undefined ? {} : { channel: channelOf(channel) };
}

function changes(asked: ChannelKind | undefined, done: readonly ChannelKind[], yes: string, no: string): string {
  const channels = asked === undefined ? CHANNEL_KINDS : [asked];
  return channels.map((channel) => `${channel}: ${done.includes(channel) ? yes : no}`).join('\n');
}
