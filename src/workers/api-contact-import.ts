import { readContactFile } from '../activities/outreach/contact-file.ts';
import { importContacts } from '../activities/outreach/contact-import.ts';
import { answerOfContacts, readSaidContacts } from '../activities/outreach/contact-reading.ts';
import type { ContactDesk } from '../api/outreach-doors.ts';
import type { Counties } from '../config/county-index.ts';
import type { Database } from '../db/connect.ts';
import type { ContactKeys } from '../db/queries/contacts.ts';
import { ReosError } from '../domain/errors.ts';
import type { Places } from '../domain/outreach/contact-place.ts';

/** Reads a received file of contacts and stores it, for the API. */
export async function importContactFile(
  deps: { db: Database; keys: ContactKeys; places: Places; counties: Counties },
  order: Parameters<ContactDesk['importFile']>[0],
): ReturnType<ContactDesk['importFile']> {
  const { tenantId, said, name, maxRows } = order;
  const file = await readContactFile(order.path, name);
  if (file.rows.length > maxRows) {
    throw new ReosError(
      'validation',
      `${name}: there are ${file.rows.length} rows; over HTTP ${maxRows} are taken at once. Split the file, or import it on the server: reos contact import.`,
      { details: { file: name } },
    );
  }
  const read = readSaidContacts(deps, file, said, { state: 'state', columns: 'columns' }, order.now, order.dryRun);
  if (order.dryRun) return { ...answerOfContacts(file, read, read.problems), stored: false };
  const to = { tenantId, kind: said.kind, file: name, importedBy: order.importedBy };
  const { problems, propertiesLinked, buyBoxes, ...counts } = await importContacts(deps, to, read.candidates);
  const all = [...read.problems, ...problems].sort((a, b) => a.line - b.line);
  return {
    ...answerOfContacts(file, read, all),
    stored: true,
    ...counts,
    properties_linked: propertiesLinked,
    buy_boxes: buyBoxes,
  };
}
