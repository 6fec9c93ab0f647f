import { resolve } from 'node:path';
import { readContactFile } from '../../activities/outreach/contact-file.ts';
import { hashAddress, suppressAddress, suppressAddresses } from '../../db/queries/suppressions.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { normalisePhone } from '../../domain/outreach/contact.ts';
import { take } from '../../sdk/client.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import { collect } from '../listing.ts';
import type { ApiVerb, Verb } from '../main.ts';
import { table } from '../output.ts';
import { channelOf, checkAddress, installationKeys, onContacts, oneOf } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';

const DAY_MS = 86_400_000;
/** How many numbers are stored in one transaction. */
const BATCH = 500;

/** `reos outreach suppress ADDRESS`: nobody writes to it again. */
export const outreachSuppress: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Suppress an address: nothing is sent to it by that channel, from now on')
      .argument('<address>', 'e-mail address, phone number or postal line')
      .requiredOption('--channel <channel>', 'email, sms or mail')
      .option('--reason <reason>', 'manual, unsubscribed or do_not_call', 'manual')
      .option('--expires-days <days>', 'days until it ends (default: never)')
      .option('--source <text>', 'who asked for it', 'operator')
      .addHelpText('after', '\nExample:\n  $ reos outreach suppress ada@example.com --channel email'),
  run: (context, [address], options) =>
    onContacts(context, async ({ system, tenant, keys }) => {
      const channel = channelOf(options.channel);
      const addressHash = hashAddress(keys.hashKey, channel, checkAddress(channel, address ?? ''));
      const reason = oneOf('--reason', options.reason, ['manual', 'unsubscribed', 'do_not_call']);
      const at = new Date();
      const expiresAt = expiry('--expires-days', options.expiresDays, at);
      const changed = await withTenant(system.db, tenant.id, (trx) =>
        suppressAddress(trx, { channel, addressHash, reason, at, expiresAt, source: String(options.source) }),
      );
      context.output.answer(
        { channel, address_hash: addressHash, reason, expires_at: expiresAt, changed },
        changed ? 'Suppressed.' : 'It was suppressed already, for as long or longer.',
      );
    }),
};

/** `reos outreach suppressions` */
export const outreachSuppressions: ApiVerb = {
  describe: (command) =>
    command
      .description('List suppressed addresses; what is kept of each is a keyed hash, so only known contacts have names')
      .option('--channel <channel>', 'email, sms or mail')
      .option('--address <address>', 'one address (with --channel)')
      .option('--all', 'also those that have ended')
      .option('--limit <n>', 'rows', '200')
      .addHelpText('after', '\nExample:\n  $ reos outreach suppressions --channel email'),
  async ask({ api, output }, _args, options) {
    if (options.address !== undefined && options.channel === undefined) {
      throw new ReosError('validation', '--address needs --channel: an address is hashed with its channel.');
    }
    const filter = {
      ...(options.channel === undefined ? {} : { channel: channelOf(options.channel) }),
      ...(options.address === undefined ? {} : { address: String(options.address) }),
      ...(options.all === true ? { with_ended: true } : {}),
    };
    const suppressions = await collect(wholeNumber('--limit', options.limit), (page) =>
      take(api.GET('/api/v1/suppressions', { params: { query: { ...page, ...filter } } })),
    );
    const shown = suppressions.map((row) => ({ ...row, hash: row.address_hash.slice(0, 12) }));
    output.answer(
      { suppressions },
      table(shown, ['channel', 'reason', 'contact', 'at', 'expires_at', 'source', 'hash']),
    );
  },
};

/** `reos outreach dnc import FILE`: the phone numbers of a do-not-call list. */
export const outreachDncImport: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Suppress the phone numbers of a do-not-call list for as long as the list is good')
      .argument('<file>', 'CSV or JSON with a phone column, or one number per line')
      .requiredOption('--expires <days>', 'days until the list must be fetched again (the national one: 31)')
      .requiredOption('--source <text>', 'which list, such as "national registry 2026-11"')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos outreach dnc import dnc.csv --expires 31 --source "national registry"',
      ),
  async run(context, [path], options) {
    const at = new Date();
    const expiresAt = expiry('--expires', options.expires, at);
    const file = await readContactFile(resolve(path!));
    // A list without a heading: its first number was taken for one.
    const numbers = [
      ...[phoneOf(file.columns) ?? []].flat(),
      ...file.rows.flatMap(({ cells }) => phoneOf([...cells.values()]) ?? []),
    ];
    const refused = file.rows.filter(({ cells }) => phoneOf([...cells.values()]) === null).map(({ line }) => line);
    if (numbers.length === 0) throw new ReosError('validation', `${file.file}: there is no phone number in the file.`);
    return useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const { hashKey } = installationKeys(context);
      const hashes = [...new Set(numbers)].map((number) => hashAddress(hashKey, 'sms', number));
      let suppressed = 0;
      for (let from = 0; from < hashes.length; from += BATCH) {
        const entries = hashes.slice(from, from + BATCH).map((addressHash) => ({
          channel: 'sms' as const,
          addressHash,
          reason: 'do_not_call' as const,
          at,
          expiresAt,
          source: String(options.source),
        }));
        suppressed += await withTenant(system.db, tenant.id, (trx) => suppressAddresses(trx, entries));
      }
      const object = {
        file: file.file,
        numbers: hashes.length,
        suppressed,
        refused: refused.length,
        refused_lines: refused.slice(0, 100),
        expires_at: expiresAt,
      };
      const lines = [
        `${hashes.length} numbers: ${suppressed} suppressed until ${expiresAt?.toISOString().slice(0, 10)}, ${hashes.length - suppressed} were so already.`,
        ...(refused.length > 0
          ? [`${refused.length} lines without a phone number: ${refused.slice(0, 20).join(', ')}`]
          : []),
      ];
      context.output.answer(object, lines.join('\n'));
    });
  },
};

/** The phone number of a row: the first cell that is one, or area code and number in two cells. */
function phoneOf(cells: readonly string[]): string | null {
  for (const cell of cells) {
    const phone = normalisePhone(cell);
    if (phone !== null) return phone;
  }
  const [area = '', number = ''] = cells;
  return normalisePhone(`${area}${number}`);
}

function expiry(option: string, days: unknown, at: Date): Date | null {
  if (days === undefined) return null;
  const count = wholeNumber(option, days);
  if (count === 0 || count > 36_500)
    throw new ReosError('validation', `${option}: days from 1 to 36,500 are expected.`);
  return new Date(at.getTime() + count * DAY_MS);
}
