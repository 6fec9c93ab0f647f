import type { Client } from '@temporalio/client';
import { INTAKE_SOURCE, readStatedRows } from '../activities/discover/stated-rows.ts';
import { PROVIDER_NAMES } from '../activities/enrich/registry.ts';
import { CHANNELS } from '../activities/outreach/registry.ts';
import type { ApiDeps } from '../api/deps.ts';
import type { Counties } from '../config/county-index.ts';
import type { Database } from '../db/connect.ts';
import type { Settings } from '../settings.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createImportDesk } from './api-imports.ts';
import { createRunDoor } from './api-runs.ts';

/** The parts of the API that bring properties in, put together. */
export function createIntakeDoors(
  settings: Pick<Settings, 'configDir' | 'signedUrlSeconds'>,
  parts: { counties: Counties; db: Database; storage: ObjectStore; clock: () => Date; client: Client },
): Pick<ApiDeps, 'counties' | 'intakeDesk' | 'importDesk' | 'links' | 'paidResources' | 'runs'> {
  return {
    counties: parts.counties,
    intakeDesk: { source: INTAKE_SOURCE, read: readStatedRows },
    links: {
      sign: async (key, options) => {
        const expiresSeconds = settings.signedUrlSeconds;
        const url = await parts.storage.signedUrl(key, { ...options, expiresSeconds });
        return { url, expiresAt: new Date(parts.clock().getTime() + expiresSeconds * 1000) };
      },
    },
    paidResources: [...Object.keys(CHANNELS), ...PROVIDER_NAMES],
    runs: createRunDoor(parts.client),
    importDesk: createImportDesk({ ...parts, configDir: settings.configDir }),
  };
}
