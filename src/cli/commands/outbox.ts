import { join } from 'node:path';
import { contactKeys } from '../../db/contact-keys.ts';
import { openDetails } from '../../db/queries/contacts.ts';
import { listMessages } from '../../db/queries/reports.ts';
import { withTenant } from '../../db/tenant.ts';
import { deriveKeys, readSecret } from '../../secrets.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos outbox`: what was sent, to whom, and what became of it. */
export const outbox: Verb = {
  localOnly: "The outbox is a folder on the server's disk. Over HTTP messages are listed at /api/v1/messages.",
  describe: (command) =>
    command
      .description('List messages with their status; without a mail provider they are files in the outbox folder')
      .option('--status <status>', 'such as sent, delivered, opened, clicked, unknown')
      .option('--limit <n>', 'rows', '200')
      .addHelpText('after', '\nExample:\n  $ reos outbox --status unknown'),
  async run(context, _args, options) {
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const filter = { status: options.status as string | undefined, limit: wholeNumber('--limit', options.limit) };
      const rows = await withTenant(system.db, tenant.id, (trx) => listMessages(trx, filter));
      const keys = contactKeys(deriveKeys(readSecret(context.settings.home, context.settings.secretKey)));
      const folder = join(context.settings.home, 'outbox', tenant.id);
      const messages = rows.map((row) => ({
        send_id: row.sendId,
        status: row.status,
        channel: row.channel,
        provider: row.provider,
        contact: openDetails(keys, tenant.id, { id: row.contactId, sealed: row.sealed }).name,
        property_id: row.propertyId,
        address: row.address,
        apn: row.apn,
        sent_at: row.sentAt,
        open_count: row.openCount,
        click_count: row.clickCount,
        error: row.error,
        held_reason: row.heldReason,
      }));
      const shown = messages.map((row) => ({
        ...row,
        property: row.address ?? row.apn,
        opens: row.open_count,
        clicks: row.click_count,
      }));
      context.output.answer(
        { folder, messages },
        `${table(shown, ['contact', 'property', 'status', 'opens', 'clicks', 'send_id'])}\n\nFolder: ${folder}`,
      );
    });
  },
};
