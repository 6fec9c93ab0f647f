import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { eraseOutboxFiles } from '../../activities/outreach/erase-files.ts';
import { listBuyBoxes } from '../../db/queries/buy-boxes.ts';
import { listConsents } from '../../db/queries/consents.ts';
import { loadContactRecords } from '../../db/queries/contact-export.ts';
import { addressHashes } from '../../db/queries/contacts-list.ts';
import { eraseContact, listSendsOf } from '../../db/queries/erasure.ts';
import { listPropertiesOf } from '../../db/queries/property-contacts.ts';
import { listSuppressions } from '../../db/queries/suppressions.ts';
import { withTenant } from '../../db/tenant.ts';
import { messageOf, ReosError } from '../../domain/errors.ts';
import type { Verb } from '../main.ts';
import { publicShape } from '../output.ts';
import { checkContactId, findContact, onContacts, operatorName, shownContact } from './contact-context.ts';

/** `reos contact export ID --out FILE`: everything stored about a person. */
export const contactExport: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Write everything that is stored about a contact to a JSON file, readable by its owner only')
      .argument('<contact>', 'contact id')
      .requiredOption('--out <file>', 'the file to write')
      .addHelpText('after', '\nExample:\n  $ reos contact export 4f7c… --out ada.json'),
  run: (context, [id], options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const contactId = checkContactId(id);
      const exported = await withTenant(system.db, tenant.id, async (trx) => {
        const contact = await findContact(trx, keys, contactId);
        const hashes = addressHashes(contact).map(({ addressHash }) => addressHash);
        const lists = await Promise.all(
          hashes.map((addressHash) =>
            listSuppressions(trx, { addressHash, withEnded: true, now: new Date(), limit: 100 }),
          ),
        );
        const records = await loadContactRecords(trx, contactId, hashes);
        const consents = await listConsents(trx, { contactId, addressHashes: hashes });
        return {
          exported_at: new Date(),
          tenant: tenant.slug,
          contact: { ...shownContact(contact), postal_address_parts: contact.details.postalAddress },
          buy_boxes: (await listBuyBoxes(trx, contactId)).map(publicShape),
          consents: consents.map(({ addressHash: _, ...rest }) => publicShape(rest)),
          suppressions: lists.flat().map(({ addressHash: _, ...rest }) => publicShape(rest)),
          properties: (await listPropertiesOf(trx, contactId)).map(publicShape),
          messages: records.messages.map((message) => ({
            ...message,
            events: records.events.filter((event) => event['send_id'] === message['send_id']),
          })),
          inbound_messages: records.inbound.map(({ sealed, ...row }) => ({
            ...row,
            content:
              typeof sealed === 'string'
                ? (JSON.parse(keys.sealer.open(`inbound:${tenant.id}:${String(row['id'])}`, sealed)) as unknown)
                : null,
          })),
          erasures: records.erasures,
        };
      });
      const path = resolve(String(options.out));
      await writeFile(path, `${JSON.stringify(exported, null, 2)}\n`, { mode: 0o600 });
      const counts = {
        messages: exported.messages.length,
        inbound_messages: exported.inbound_messages.length,
        consents: exported.consents.length,
        suppressions: exported.suppressions.length,
        properties: exported.properties.length,
        buy_boxes: exported.buy_boxes.length,
      };
      const text = Object.entries(counts).map(([name, count]) => `${count} ${name.replaceAll('_', ' ')}`);
      context.output.answer({ contact_id: contactId, file: path, ...counts }, `${path}: ${text.join(', ')}`);
    }),
};

/** `reos contact erase ID --yes`: forgets a person. */
export const contactErase: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Forget a contact for good: details, replies and files go, and nobody writes to the addresses again')
      .argument('<contact>', 'contact id')
      .option('--yes', 'really: it cannot be undone')
      .addHelpText('after', '\nExample:\n  $ reos contact erase 4f7c… --yes'),
  run: (context, [id], options) =>
    onContacts(context, async ({ system, tenant }) => {
      const contactId = checkContactId(id);
      if (options.yes !== true) {
        throw new ReosError(
          'validation',
          `Erasing ${contactId} cannot be undone. Export it first if it is asked for, then add --yes.`,
        );
      }
      const at = new Date();
      const { wasErased, counts } = await withTenant(system.db, tenant.id, (trx) =>
        eraseContact(trx, { contactId, requestedBy: operatorName(), at }),
      );
      // The files after the rows: once those are gone nothing new is written, and running again finds the files still.
      const sends = await withTenant(system.db, tenant.id, (trx) => listSendsOf(trx, contactId));
      const folder = join(context.settings.home, 'outbox', tenant.id);
      const files = await eraseOutboxFiles(folder, sends.ids).catch((error: unknown) => {
        const message = `The contact is erased from the database, but its messages in ${folder} are not all removed (${messageOf(error)}). Run the same command again.`;
        throw new ReosError('transient', message, { cause: error });
      });
      const object = {
        contact_id: contactId,
        erased: true,
        was_erased: wasErased,
        ...publicShape(counts),
        files,
        in_flight: sends.inFlight,
      };
      const lines = [
        `${contactId}: erased${wasErased ? ' before' : ''}.`,
        `${counts.pendingSends} planned messages stopped, ${counts.messages} messages and ${counts.inboundMessages} replies emptied, ${counts.consents} consents, ${counts.buyBoxes} buy boxes and ${counts.propertyLinks} links to properties removed, ${files} files removed.`,
        ...(sends.inFlight > 0
          ? [
              `${sends.inFlight} messages were leaving just now. Run the same command again in a minute, for their files.`,
            ]
          : []),
      ];
      context.output.answer(object, lines.join('\n'));
    }),
};
