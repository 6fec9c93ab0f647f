import { join, sep } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { readCampaign } from '../activities/outreach/campaign-file.ts';
import { previewCampaign } from '../activities/outreach/campaign-preview.ts';
import type { OutboundMessage } from '../activities/outreach/channel.ts';
import { readBuyBox } from '../activities/outreach/contact-box.ts';
import { readContactRow } from '../activities/outreach/contact-row.ts';
import { eraseOutboxFiles } from '../activities/outreach/erase-files.ts';
import type { ApiDeps } from '../api/deps.ts';
import type { CampaignDoor } from '../api/outreach-doors.ts';
import { orderCampaign, signalCampaign } from '../client/campaigns.ts';
import { inTime } from '../client/deadline.ts';
import type { Lifecycles } from '../client/lifecycles.ts';
import { loadPlaces } from '../config/contact-places.ts';
import type { Counties } from '../config/county-index.ts';
import type { Database } from '../db/connect.ts';
import type { ContactKeys } from '../db/queries/contacts.ts';
import { joinProblems, ReosError } from '../domain/errors.ts';
import { createHttpClient } from '../http/client.ts';
import type { Settings } from '../settings.ts';
import type { openStore } from '../storage/open-store.ts';
import { importContactFile } from './api-contact-import.ts';
import { createOutreachDeps } from './outreach-deps.ts';

/** The parts of the API that outreach needs, put together. */
export function createOutreachDoors(
  settings: Settings,
  parts: {
    db: Database;
    logger: Logger;
    clock: () => Date;
    client: Client;
    lifecycles: Lifecycles;
    counties: Counties;
    storage: ReturnType<typeof openStore>;
    keys: ContactKeys;
    publicUrl: string;
  },
): Pick<ApiDeps, 'campaignDesk' | 'campaigns' | 'contactDesk' | 'lifecycles' | 'countySlug'> {
  const { client, counties } = parts;
  const http = createHttpClient({ userAgent: settings.userAgent, trustedOrigins: () => [] });
  const outreach = createOutreachDeps(settings, { ...parts, http });
  const places = loadPlaces(settings.configDir);
  const outbox = join(settings.home, 'outbox');
  return {
    campaignDesk: {
      check: (tenantId, definition) =>
        readCampaign({ templates: outreach.templates, counties }, tenantId, 'body', JSON.stringify(definition)),
      rehearse: async (tenantId, campaign, first) => {
        const { steps, ...run } = await previewCampaign(outreach, { tenantId, campaign, first });
        return { ...run, steps: steps.map(({ message, ...step }) => ({ ...step, parts: partsOf(message) })) };
      },
    },
    campaigns: inTime<CampaignDoor>(client, {
      run: (campaign) => signalCampaign(client, campaign, 'runNow'),
      order: (campaign, order, reason) => orderCampaign(client, campaign, order, reason),
    }),
    contactDesk: {
      readContact: (kind, field, now) => {
        const rules = { kind, places, counties: counties.all, timeZone: null, state: null, county: null, now };
        const answer = readContactRow(1, field, rules);
        if (!('problems' in answer)) return answer.candidate;
        throw new ReosError(
          'validation',
          answer.problems.map(({ field: name, message }) => `${name} ${message}`).join('; '),
        );
      },
      readBuyBox: (field) => {
        const problems: string[] = [];
        const box = readBuyBox(field, counties.all, (name, message) => problems.push(`${name}: ${message}`));
        if (problems.length > 0) throw new ReosError('validation', joinProblems(problems));
        return box;
      },
      importFile: (order) => importContactFile({ db: parts.db, keys: parts.keys, places, counties }, order),
      eraseFiles: (tenantId, sendIds) => eraseOutboxFiles(`${outbox}${sep}${tenantId}`, sendIds),
    },
    lifecycles: inTime(client, parts.lifecycles),
    countySlug: (fips) => counties.byFips(fips)?.slug ?? fips,
  };
}

/** A message's texts, by part. */
function partsOf(message: OutboundMessage | null): Record<string, string> | null {
  if (message === null) return null;
  if (message.kind === 'sms') return { to: message.to, body: message.body };
  if (message.kind === 'email') {
    return { to: message.to.email, subject: message.subject, text: message.text, html: message.html };
  }
  const { piece } = message;
  return piece.format === 'letter' ? { html: piece.html } : { front: piece.front, back: piece.back };
}
