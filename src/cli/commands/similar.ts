import { ReosError } from '../../domain/errors.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { usd } from '../money.ts';
import { table } from '../output.ts';
import { checkId, wholeNumber } from './lifecycle.ts';

/** `reos similar ID`: the properties most like this one, with what makes them alike and what tells them apart. */
export const similar: ApiVerb = {
  describe: (command) =>
    command
      .description('Properties most like this one, in 35 dimensions, with filters')
      .argument('<property>', 'property id')
      .option('--county <slug>', 'look in this county (default: that of the property)')
      .option('--min-price <dollars>', 'asking price, else estimate, last price or assessed value')
      .option('--max-price <dollars>', 'the same')
      .option('--min-sqft <n>', 'living area')
      .option('--max-sqft <n>', 'living area')
      .option('--min-bedrooms <n>', 'bedrooms')
      .option('--min-score <n>', 'bird-dog score')
      .option('--type <name>', 'RESO property type or sub-type, such as "Single Family Residence"')
      .option('--status <status>', STATUSES.join(', '))
      .option('--for-sale', 'only with an asking price')
      .option('--limit <n>', 'how many', '10')
      .addHelpText('after', '\nExample:\n  $ reos similar 4f7c… --max-price 500000 --limit 5'),
  async ask({ api, output }, [text], options) {
    const params = { path: { id: checkId(text) }, query: queryOf(options) };
    const found = await take(api.GET('/api/v1/properties/{id}/similar', { params }));
    const { compared, items: similar } = found;
    const rows = (similar as unknown as House[]).map(({ alike, different, ...house }) => ({
      property: house.address ?? house.apn ?? house.property_id,
      similarity: house.similarity.toFixed(3),
      price: usd(house.price),
      sqft: house.sqft ?? '',
      'alike in': alike.map(({ label }) => label).join(', '),
      'differs in': different.map(({ label }) => label).join(', '),
      id: house.property_id,
    }));
    output.answer(
      { property_id: found.property_id, compared, similar },
      [
        `Like ${params.path.id}, among ${compared} properties`,
        rows.length === 0
          ? 'None passes the filters.'
          : table(rows, ['property', 'similarity', 'price', 'sqft', 'alike in', 'differs in', 'id']),
      ].join('\n'),
    );
  },
};

/** A property as the text needs it. */
interface House {
  property_id: string;
  address: string | null;
  apn: string | null;
  price: number | null;
  sqft: number | null;
  similarity: number;
  alike: ReadonlyArray<{ label: string }>;
  different: ReadonlyArray<{ label: string }>;
}

function queryOf(options: Record<string, unknown>) {
  const given: Array<[string, string, unknown]> = [
    ['min_price', '--min-price', options.minPrice],
    ['max_price', '--max-price', options.maxPrice],
    ['min_sqft', '--min-sqft', options.minSqft],
    ['max_sqft', '--max-sqft', options.maxSqft],
    ['min_bedrooms', '--min-bedrooms', options.minBedrooms],
    ['min_score', '--min-score', options.minScore],
  ];
  const numbers = given.flatMap(([name, option, value]) =>
    value === undefined ? [] : [[name, amount(option, value)]],
  );
  const status = STATUSES.find((one) => one === options.status);
  if (options.status !== undefined && status === undefined) {
    throw new ReosError(
      'validation',
      `--status: '${String(options.status)}' is no status. One of: ${STATUSES.join(', ')}.`,
    );
  }
  return {
    ...(Object.fromEntries(numbers) as Record<string, number>),
    limit: wholeNumber('--limit', options.limit),
    ...(status === undefined ? {} : { status }),
    ...(options.county === undefined ? {} : { county: String(options.county) }),
    ...(options.type === undefined ? {} : { property_type: String(options.type) }),
    ...(options.forSale === true ? { for_sale: true } : {}),
  };
}

function amount(option: string, value: unknown): number {
  const number = Number(String(value).replace(/[$,]/g, ''));
  if (String(value).trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new ReosError('validation', `${option}: '${String(value)}' is not a number of 0 or more.`);
}
