import type { Channel, ChannelDeps, Channels } from './channel.ts';
import { createLocalOutbox } from './local-outbox.ts';
import { createSendGrid } from './sendgrid.ts';

/** Every channel by name. The keys are the type. */
export const CHANNELS = {
  'local-outbox': createLocalOutbox,
  sendgrid: createSendGrid,
} as const satisfies Record<string, (deps: ChannelDeps) => Channel>;

export type ChannelName = keyof typeof CHANNELS;

/** The channel of each kind that the settings ask for: a provider when it has a key, else the local outbox. */
export function createChannels(deps: ChannelDeps): Channels {
  const outbox = CHANNELS['local-outbox'](deps);
  return {
    email: deps.sendgrid.apiKey === undefined ? outbox : CHANNELS.sendgrid(deps),
    sms: outbox,
    mail: outbox,
  };
}
