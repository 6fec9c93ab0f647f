import { join } from 'node:path';
import type { Logger } from 'pino';
import type { OutreachDeps } from '../activities/outreach/deps.ts';
import { createChannels } from '../activities/outreach/registry.ts';
import { createTemplates } from '../activities/outreach/templates.ts';
import { loadQuietHours } from '../config/quiet-hours.ts';
import type { Database } from '../db/connect.ts';
import type { ContactKeys } from '../db/queries/contacts.ts';
import { ReosError } from '../domain/errors.ts';
import type { HttpClient } from '../http/types.ts';
import type { Settings } from '../settings.ts';
import type { openStore } from '../storage/open-store.ts';

/** The link that asks for an answer, under the API's public address. */
export const callToActionUrl = (publicUrl: string): string => `${publicUrl}/interested`;

/** What outreach works with, in a worker that sends and in the API that shows what would be sent. */
export function createOutreachDeps(
  settings: Settings,
  parts: {
    db: Database;
    logger: Logger;
    clock: () => Date;
    http: HttpClient;
    storage: ReturnType<typeof openStore>;
    keys: ContactKeys;
    publicUrl: string;
  },
): OutreachDeps {
  const { db, logger, clock, http, storage, keys, publicUrl } = parts;
  return {
    db,
    logger,
    clock,
    storage: {
      get: async (key) => {
        const bytes = await storage.get(key);
        if (bytes === null)
          throw new ReosError(
            'not_found',
            `The memo ${key} is not in the store. Score the property again to have it made anew: reos lifecycle rescore ID`,
          );
        return bytes;
      },
      signedUrl: (key, expiresSeconds) =>
        storage.signedUrl(key, { expiresSeconds, contentType: 'application/pdf', fileName: 'investor-memo.pdf' }),
    },
    channels: createChannels({
      logger,
      http,
      outboxDir: join(settings.home, 'outbox'),
      isSandbox: settings.isSandbox,
      sendgrid: settings.sendgrid,
      twilio: settings.twilio,
      lob: settings.lob,
    }),
    templates: createTemplates({ db, folder: join(settings.configDir, 'templates', 'outreach') }),
    keys,
    quietHours: loadQuietHours(settings.configDir),
    isProduction: settings.isProduction,
    allowList: settings.allowList,
    replyDomain: settings.replyDomain,
    publicUrl,
    callToAction: { label: 'I am interested', url: callToActionUrl(publicUrl) },
    memoUrlSeconds: settings.signedUrlSeconds,
  };
}
