import type { SlackDoor } from '../activities/market/slack.ts';
import type { Sealer } from '../db/sealer.ts';
import { createHttpClient } from '../http/client.ts';
import type { Settings } from '../settings.ts';

/** Slack's incoming webhooks behind a client of their own that trusts their origin alone. */
export function openSlack(settings: Pick<Settings, 'slackBaseUrl' | 'userAgent'>, sealer: Sealer): SlackDoor {
  const { slackBaseUrl: origin, userAgent } = settings;
  return { http: createHttpClient({ userAgent, trustedOrigins: [origin] }), origin, sealer };
}
