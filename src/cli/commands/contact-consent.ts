import { recordConsents } from '../../db/queries/consents.ts';
import { addressHashes } from '../../db/queries/contacts-list.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { Verb } from '../main.ts';
import { channelOf, checkContactId, findContact, onContacts, operatorName, timeOf } from './contact-context.ts';

/** `reos contact consent ID`: records that a person agreed to a channel, or took it back. */
export const contactConsent: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Record consent to a channel, or its revocation; text messages leave only with one')
      .argument('<contact>', 'contact id')
      .requiredOption('--channel <channel>', 'sms, email or mail')
      .option('--method <text>', 'how it was given, such as "web form" or "reply to a text"')
      .option('--evidence <text>', 'where it can be looked up: a form entry, a recording, a file and line')
      .option('--at <date>', 'when the person said so (default: now)')
      .option('--expires <date>', 'when it ends (default: never)')
      .option('--revoke', 'the person took it back')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos contact consent 4f7c… --channel sms --method "web form" --evidence "form entry 1123"\n  $ reos contact consent 4f7c… --channel sms --revoke --method "phone call" --evidence "call of 3 May"',
      ),
  run: (context, [id], options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const contactId = checkContactId(id);
      const channel = channelOf(options.channel);
      const status = options.revoke === true ? 'revoked' : 'granted';
      // A revocation counts however it came; a consent is worth what it can be proven with.
      if (status === 'granted' && (options.method === undefined || options.evidence === undefined)) {
        throw new ReosError('validation', 'A consent needs --method and --evidence: without them it proves nothing.');
      }
      const now = new Date();
      const at = options.at === undefined ? now : timeOf('--at', options.at);
      const expiresAt = options.expires === undefined ? null : timeOf('--expires', options.expires);
      if (at > now) throw new ReosError('validation', '--at lies in the future.');
      if (expiresAt !== null && expiresAt <= at) throw new ReosError('validation', '--expires must be after --at.');
      const added = await withTenant(system.db, tenant.id, async (trx) => {
        const contact = await findContact(trx, keys, contactId);
        const address = addressHashes(contact).find((one) => one.channel === channel);
        if (address === undefined) {
          throw new ReosError('validation', `The contact ${contactId} has no address for ${channel}.`);
        }
        return recordConsents(trx, [
          {
            ...address,
            contactId,
            status,
            method: String(options.method ?? 'not stated'),
            evidence: String(options.evidence ?? 'not stated'),
            at,
            expiresAt,
            recordedBy: operatorName(),
          },
        ]);
      });
      const object = { contact_id: contactId, channel, status, at, expires_at: expiresAt, recorded: added > 0 };
      context.output.answer(
        object,
        `${contactId}: consent to ${channel} ${status}${added > 0 ? '' : ' (on record before)'}`,
      );
    }),
};
