import { resolve } from 'node:path';
import { readContactFile } from '../../activities/outreach/contact-file.ts';
import { ReosError } from '../../domain/errors.ts';
import { normalisePhone } from '../../domain/outreach/contact.ts';
import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { channelOf, checkAddress, oneOf } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';

const DAY_MS = 86_400_000;
/** How many numbers are sent at once: as many as the API takes. */
const BATCH = 500;

/** `reos outreach suppress ADDRESS`: nobody writes to it again. */
export const outreachSuppress: ApiVerb = {
  describe: (command) =>
    command
      .description('Suppress an address: nothing is sent to it by that channel, from now on')
      .argument('<address>', 'e-mail address, phone number or postal line')
      .requiredOption('--channel <channel>', 'email, sms or mail')
      .option('--reason <reason>', 'manual, unsubscribed or do_not_call', 'manual')
      .option('--expires-days <days>', 'days until it ends (default: never)')
      .option('--source <text>', 'who asked for it', 'operator')
      .addHelpText('after', '\nExample:\n  $ reos outreach suppress ada@example.com --channel email'),
  async ask({ api, output }, [address], options) {
    const channel = channelOf(options.channel);
    const reason = oneOf('--reason', options.reason, ['manual', 'unsubscribed', 'do_not_call']);
    const expiresAt = expiry('--expires-days', options.expiresDays, new Date())?.toISOString() ?? null;
    const body = {
      channel,
      addresses: [checkAddress(channel, address ?? '')],
      reason,
      source: String(options.source),
      expires_at: expiresAt,
    };
    const changed = (await take(api.POST('/api/v1/suppressions', { body }))).suppressed > 0;
    output.answer(
      { channel, reason, expires_at: expiresAt, changed },
      changed ? 'Suppressed.' : 'It was suppressed already, for as long or longer.',
    );
  },
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
export const outreachDncImport: ApiVerb = {
  makesTenant: true,
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
  async ask({ api, output }, [path], options) {
    const expiresAt = expiry('--expires', options.expires, new Date())?.toISOString() ?? null;
    const file = await readContactFile(resolve(path!));
    // A list without a heading: its first number was taken for one.
    const numbers = [
      ...[phoneOf(file.columns) ?? []].flat(),
      ...file.rows.flatMap(({ cells }) => phoneOf([...cells.values()]) ?? []),
    ];
    const refused = file.rows.filter(({ cells }) => phoneOf([...cells.values()]) === null).map(({ line }) => line);
    if (numbers.length === 0) throw new ReosError('validation', `${file.file}: there is no phone number in the file.`);
    const unique = [...new Set(numbers)];
    const list = {
      channel: 'sms',
      reason: 'do_not_call',
      source: String(options.source),
      expires_at: expiresAt,
    } as const;
    let suppressed = 0;
    for (let from = 0; from < unique.length; from += BATCH) {
      const body = { ...list, addresses: unique.slice(from, from + BATCH) };
      suppressed += (await take(api.POST('/api/v1/suppressions', { body }))).suppressed;
    }
    const object = {
      file: file.file,
      numbers: unique.length,
      suppressed,
      refused: refused.length,
      refused_lines: refused.slice(0, 100),
      expires_at: expiresAt,
    };
    const lines = [
      `${unique.length} numbers: ${suppressed} suppressed until ${expiresAt?.slice(0, 10)}, ${unique.length - suppressed} were so already.`,
      ...(refused.length > 0
        ? [`${refused.length} lines without a phone number: ${refused.slice(0, 20).join(', ')}`]
        : []),
    ];
    output.answer(object, lines.join('\n'));
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
