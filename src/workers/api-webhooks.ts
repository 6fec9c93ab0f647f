import type { ApiDeps } from '../api/deps.ts';
import type { EventFeed } from '../api/events/feed.ts';
import { startWebhookRelay } from '../api/outgoing/relay.ts';
import { createWebhookPost } from '../api/outgoing/send.ts';
import { ReosError } from '../domain/errors.ts';
import type { Settings } from '../settings.ts';

/**
 * The sender of outgoing webhooks; the event log's reader wakes it, so that events leave as they are committed.
 * @throws ReosError `missing_part` without the key that opens their secrets
 */
export function startWebhooks({
  db,
  logger,
  clock,
  sealer,
  feed,
  settings,
}: Pick<ApiDeps, 'db' | 'logger' | 'clock' | 'sealer'> & {
  feed: EventFeed;
  settings: Pick<Settings, 'userAgent' | 'webhookTrustedOrigins'>;
}): { trustedOrigins: readonly string[]; wake(): void; stop(): Promise<void> } {
  if (sealer === undefined) throw new ReosError('missing_part', 'Webhooks need the key that opens their secrets.');
  const { userAgent, webhookTrustedOrigins: trustedOrigins } = settings;
  const post = createWebhookPost({ userAgent, trustedOrigins });
  const relay = startWebhookRelay({ db, logger, clock, sealer, post });
  const unwatch = feed.onEvents(relay.wake);
  return {
    trustedOrigins,
    wake: relay.wake,
    stop: async () => {
      unwatch();
      await relay.stop();
    },
  };
}
