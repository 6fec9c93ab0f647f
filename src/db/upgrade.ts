import type { Logger } from 'pino';
import { connect } from './connect.ts';
import { type ContactKeys, sealReadableContacts } from './queries/contacts.ts';
import { withSystem } from './tenant.ts';

/**
 * What migrations cannot do in SQL because it needs the installation's secret: seals contacts that an earlier version
 * left readable. Harmless to repeat and to run by two at once.
 * @returns how many contacts were sealed
 */
export async function sealAfterMigration(url: string, keys: ContactKeys, logger: Logger): Promise<number> {
  const db = connect({ url, logger, max: 1, applicationName: 'reos upgrade' });
  try {
    let total = 0;
    for (let sealed = -1; sealed !== 0; total += sealed) {
      sealed = await withSystem(db, 'seal contacts of an earlier version', (trx) => sealReadableContacts(trx, keys));
    }
    return total;
  } finally {
    await db.close();
  }
}
