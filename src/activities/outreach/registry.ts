import type { Channel, ChannelDeps } from './channel.ts';
import { createLocalOutbox } from './local-outbox.ts';
import { createSendGrid } from './sendgrid.ts';

/** Every channel by name. The keys are the type. */
export const CHANNELS = {
  'local-outbox': createLocalOutbox,
  sendgrid: createSendGrid,
} as const satisfies Record<string, (deps: ChannelDeps) => Channel>;

export type ChannelName = keyof typeof CHANNELS;

/** The e-mail channel that the settings ask for: SendGrid when it has a key, else the local outbox. */
export function createEmailChannel(deps: ChannelDeps): Channel {
  const name: ChannelName = deps.sendgrid.apiKey === undefined ? 'local-outbox' : 'sendgrid';
  return CHANNELS[name](deps);
}
