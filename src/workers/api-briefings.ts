import type { Logger } from 'pino';
import { deliverAlerts, deliverBriefing } from '../activities/market/alerts.ts';
import { runBriefing } from '../activities/market/briefing.ts';
import { deliveryDeps } from '../activities/market/morning.ts';
import { checkSlackUrl, slackOwner } from '../activities/market/slack.ts';
import type { ApiDeps } from '../api/deps.ts';
import { loadMarketRules } from '../config/market.ts';
import type { Database } from '../db/connect.ts';
import type { ContactKeys } from '../db/queries/contacts.ts';
import { createHttpClient } from '../http/client.ts';
import type { Settings } from '../settings.ts';
import type { openStore } from '../storage/open-store.ts';
import { createOutreachDeps } from './outreach-deps.ts';
import { openSlack } from './slack.ts';

/** The parts of the API that make and deliver briefings, put together. */
export function createBriefingDoors(
  settings: Settings,
  parts: {
    db: Database;
    logger: Logger;
    clock: () => Date;
    storage: ReturnType<typeof openStore>;
    keys: ContactKeys;
    publicUrl: string;
  },
): Pick<ApiDeps, 'briefings'> {
  const { sealer } = parts.keys;
  const marketRules = loadMarketRules(settings.configDir);
  const http = createHttpClient({ userAgent: settings.userAgent, trustedOrigins: () => [] });
  const outreach = createOutreachDeps(settings, { ...parts, http });
  const slack = openSlack(settings, sealer);
  const delivery = deliveryDeps({ outreach, storage: parts.storage, slack, clock: parts.clock });
  return {
    briefings: {
      async run(tenantId, deliver) {
        const now = parts.clock();
        const made = await runBriefing({ ...parts, marketRules }, tenantId, now);
        if (deliver) {
          await deliverAlerts(delivery, tenantId, now);
          await deliverBriefing(delivery, tenantId, made, now);
        }
        return made;
      },
      sealSlack: (tenantId, url) => sealer.seal(slackOwner(tenantId), checkSlackUrl(url, slack.origin)),
    },
  };
}
