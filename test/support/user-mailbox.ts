import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { createLocalOutbox } from '../../src/activities/outreach/local-outbox.ts';
import { postUserMails, type UserMailDeps } from '../../src/activities/platform/user-mails.ts';
import type { TestApi } from './api.ts';
import { TEST_CONTACT_KEYS } from './contacts.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** The local outbox of a test: posts what waits for a tenant's people, and reads it as they would. */
export async function openUserMailbox(api: TestApi) {
  const outboxDir = temporaryFolder('reos-mailbox-');
  const outbox = createLocalOutbox({ outboxDir });
  const deps: UserMailDeps = {
    db: api.database.db,
    clock: () => new Date(Date.now() + 1_000),
    logger: pino({ level: 'silent' }),
    channels: { email: outbox, sms: outbox, mail: outbox },
    isProduction: false,
    allowList: [],
    publicUrl: 'http://127.0.0.1:8000',
    store: { get: async () => null, signedUrl: async () => '/files/none' },
    keys: TEST_CONTACT_KEYS,
  };
  return {
    post: (tenantId: string) => postUserMails(deps, tenantId),
    /** Every mail of the tenant, long lines put together again. */
    async read(tenantId: string): Promise<string[]> {
      const folder = join(outboxDir, tenantId);
      const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.eml'));
      const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
      return texts.map((text) => text.replaceAll('=\r\n', '').replaceAll('=3D', '='));
    },
  };
}
