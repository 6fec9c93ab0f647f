import { openDetails } from '../../db/queries/contacts.ts';
import { listUnknownSends, settleUnknownSend } from '../../db/queries/unknown-sends.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId, onContacts, oneOf, operatorName, shownTime } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';

/** `reos outreach unknowns`: sends of which nobody knows whether they left. */
export const outreachUnknowns: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('List sends whose outcome is not known; events of the provider or a person settle them')
      .option('--limit <n>', 'rows', '500')
      .addHelpText('after', '\nExample:\n  $ reos outreach unknowns --json'),
  run: (context, _args, options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const rows = await withTenant(system.db, tenant.id, (trx) =>
        listUnknownSends(trx, wholeNumber('--limit', options.limit)),
      );
      const unknowns = rows.map(({ sealed, ...row }) => ({
        send_id: row.sendId,
        channel: row.channel,
        provider: row.provider,
        contact: openDetails(keys, tenant.id, { id: row.contactId, sealed }).name,
        contact_id: row.contactId,
        property_id: row.propertyId,
        property: row.address ?? row.apn,
        campaign: row.campaign,
        step: row.step,
        since: row.since,
        why: row.why,
        cost: row.costMicros / 1_000_000,
      }));
      const shown = unknowns.map((row) => ({ ...row, since: shownTime(row.since) }));
      const text =
        unknowns.length === 0
          ? 'No send is unknown.'
          : `${table(shown, ['send_id', 'channel', 'provider', 'contact', 'property', 'since', 'why'])}\n\nLook each up at its provider, then: reos outreach settle SEND_ID --as sent|error --note "what was found"`;
      context.output.answer({ unknowns }, text);
    }),
};

/** `reos outreach settle SEND_ID`: a person's decision on an unknown send. */
export const outreachSettle: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Say what became of an unknown send; it is never posted again')
      .argument('<send>', 'send id')
      .requiredOption('--as <status>', 'sent or error')
      .requiredOption('--note <text>', 'how it was found out')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos outreach settle 4f7c… --as sent --note "in the provider\'s activity feed"',
      ),
  run: (context, [id], options) =>
    onContacts(context, async ({ system, tenant }) => {
      const sendId = checkContactId(id, 'send', 'reos outreach unknowns');
      const as = oneOf('--as', options.as, ['sent', 'error']);
      const note = String(options.note).trim();
      if (note === '') throw new ReosError('validation', '--note must say how it was found out.');
      const outcome = await withTenant(system.db, tenant.id, (trx) =>
        settleUnknownSend(trx, { sendId, as, note, by: operatorName(), at: new Date() }),
      );
      context.output.answer(
        { send_id: sendId, status: as, settled: outcome === 'settled' },
        `${sendId}: ${as}${outcome === 'settled' ? '' : ', as before'}`,
      );
    }),
};
