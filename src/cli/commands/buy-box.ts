import { ReosError } from '../../domain/errors.ts';
import { parseMoney } from '../../domain/money.ts';
import { type components, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkContactId } from './contact-context.ts';

type BuyBox = components['schemas']['BuyBox'];
const NOT_LIMITS = ['contact', 'contact_id', 'id', 'name', 'created_at'];

/** `reos buy-box list` */
export const buyBoxList: ApiVerb = {
  describe: (command) =>
    command
      .description('List buy boxes: what each investor and partner buys')
      .option('--contact <id>', 'of one contact')
      .addHelpText('after', '\nExample:\n  $ reos buy-box list --json'),
  async ask({ api, output }, _args, options) {
    const of = options.contact === undefined ? {} : { contact_id: checkContactId(String(options.contact)) };
    const boxes = await collect(100_000, (page) =>
      take(api.GET('/api/v1/buy-boxes', { params: { query: { ...page, ...of } } })),
    );
    const names = await namesOf(api, boxes);
    const lines = boxes.map((box) => ({
      ...box,
      contact: box.contact_id === null ? 'the tenant itself' : (names.get(box.contact_id) ?? box.contact_id),
      limits: Object.entries(box)
        .filter(([key, value]) => value !== null && !NOT_LIMITS.includes(key))
        .map(([key, value]) => `${key} ${String(value)}`)
        .join('; '),
    }));
    output.answer({ buy_boxes: boxes }, table(lines, ['contact', 'name', 'limits', 'id']));
  },
};

async function namesOf(api: Caller['api'], boxes: readonly BuyBox[]): Promise<Map<string, string>> {
  const wanted = new Set(boxes.flatMap(({ contact_id: id }) => id ?? []));
  if (wanted.size === 0) return new Map();
  const contacts = await collect(100_000, (query) => take(api.GET('/api/v1/contacts', { params: { query } })));
  return new Map(contacts.filter(({ id }) => wanted.has(id)).map(({ id, name }) => [id, name]));
}

/** `reos buy-box set CONTACT` */
export const buyBoxSet: ApiVerb = {
  describe: (command) =>
    command
      .description('Say what a contact buys; a box of the same name is replaced as a whole')
      .argument('<contact>', 'contact id')
      .option('--name <name>', 'name of the box', 'main')
      .option('--counties <list>', 'counties by slug or name, separated by ;')
      .option('--types <list>', 'property types, such as "Townhouse; Duplex"')
      .option('--zips <list>', 'ZIP codes')
      .option('--min-price <dollars>', 'such as 250000 or 250k')
      .option('--max-price <dollars>', 'such as 450000 or 450k')
      .option('--min-score <score>', '0 to 100')
      .option('--min-bedrooms <n>', 'bedrooms at least')
      .option('--min-sqft <sqft>', 'living area at least')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos buy-box set 4f7c… --counties king-wa --max-price 450k --min-score 60',
      ),
  async ask({ api, output }, [id], options) {
    const body = {
      contact_id: checkContactId(id),
      name: String(options.name),
      counties: listOf(options.counties),
      property_types: listOf(options.types),
      zip_codes: listOf(options.zips),
      min_price: dollarsOf('--min-price', options.minPrice),
      max_price: dollarsOf('--max-price', options.maxPrice),
      min_score: numberOf('--min-score', options.minScore),
      min_bedrooms: numberOf('--min-bedrooms', options.minBedrooms),
      min_sqft: numberOf('--min-sqft', options.minSqft),
    };
    const box = await take(api.POST('/api/v1/buy-boxes', { body }));
    output.answer(box, `${box.id}: set`);
  },
};

/** `reos buy-box remove ID` */
export const buyBoxRemove: ApiVerb = {
  describe: (command) =>
    command
      .description('Remove a buy box; a contact without one gets no memos')
      .argument('<box>', 'buy box id')
      .addHelpText('after', '\nExample:\n  $ reos buy-box remove 4f7c…'),
  async ask({ api, output }, [text]) {
    const id = checkContactId(text, 'buy box', 'reos buy-box list');
    await take(api.DELETE('/api/v1/buy-boxes/{id}', { params: { path: { id } } }));
    output.answer({ id, removed: true }, `${id}: removed`);
  },
};

function listOf(value: unknown): string[] | null {
  if (value === undefined) return null;
  const items = String(value)
    .split(/[;,]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return items.length === 0 ? null : items;
}

/** @throws ReosError `validation` */
function dollarsOf(option: string, value: unknown): number | null {
  if (value === undefined) return null;
  const [, figure = String(value), unit = ''] = /^(.*?)([km])$/i.exec(String(value).trim()) ?? [];
  const cents = parseMoney(figure);
  if (cents === null)
    throw new ReosError('validation', `${option}: '${String(value)}' is no price such as 450000 or 450k.`);
  return (cents / 100) * ({ k: 1_000, m: 1_000_000 }[unit.toLowerCase()] ?? 1);
}

/** @throws ReosError `validation` */
function numberOf(option: string, value: unknown): number | null {
  if (value === undefined) return null;
  const number = Number(String(value).replaceAll(',', ''));
  if (Number.isFinite(number)) return number;
  throw new ReosError('validation', `${option}: '${String(value)}' is no number.`);
}
