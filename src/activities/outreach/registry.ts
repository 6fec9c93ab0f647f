import type { Channel, ChannelDeps, Channels } from './channel.ts';
import { createLob } from './lob.ts';
import { createLocalOutbox } from './local-outbox.ts';
import { createSendGrid } from './sendgrid.ts';
import { createTwilio } from './twilio.ts';

/** Every channel by name. The keys are the type. */
export const CHANNELS = {
  'local-outbox': createLocalOutbox,
  sendgrid: createSendGrid,
  twilio: createTwilio,
  lob: createLob,
} as const satisfies Record<string, (deps: ChannelDeps) => Channel>;

export type ChannelName = keyof typeof CHANNELS;

/**
 * The channel of each kind that the settings ask for: a provider when its account is named, else the local outbox.
 * @throws ReosError `validation` when a provider's settings are incomplete or wrong
 */
export function createChannels(deps: ChannelDeps): Channels {
  const outbox = CHANNELS['local-outbox'](deps);
  // The token alone may be there to check Twilio's webhooks.
  const hasTwilio = deps.twilio.accountSid !== undefined || deps.twilio.from !== undefined;
  return {
    email: deps.sendgrid.apiKey === undefined ? outbox : CHANNELS.sendgrid(deps),
    sms: hasTwilio ? CHANNELS.twilio(deps) : outbox,
    mail: deps.lob.apiKey === undefined ? outbox : CHANNELS.lob(deps),
  };
}
