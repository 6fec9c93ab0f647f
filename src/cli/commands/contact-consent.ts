import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { channelOf, checkContactId, timeOf } from './contact-context.ts';

/** `reos contact consent ID`: records that a person agreed to a channel, or took it back. */
export const contactConsent: ApiVerb = {
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
  async ask({ api, output }, [id], options) {
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
    const body = {
      channel,
      status,
      method: String(options.method ?? 'not stated'),
      evidence: String(options.evidence ?? 'not stated'),
      at: at.toISOString(),
      expires_at: expiresAt?.toISOString() ?? null,
    } as const;
    const params = { path: { id: contactId } };
    const { recorded } = await take(api.POST('/api/v1/contacts/{id}/consents', { params, body }));
    const { at: said, expires_at: ends } = body;
    output.answer(
      { contact_id: contactId, channel, status, at: said, expires_at: ends, recorded },
      `${contactId}: consent to ${channel} ${status}${recorded ? '' : ' (on record before)'}`,
    );
  },
};
