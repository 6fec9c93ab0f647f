import type { Command } from 'commander';
import { ReosError } from '../domain/errors.ts';
import { STATUSES } from '../domain/lifecycle.ts';
import { type ApiClient, type components, take } from '../sdk/client.ts';
import { collect } from './listing.ts';

/** What a search of properties is narrowed by, as the API takes it. */
export type SearchFilter = components['schemas']['PropertySearchFilter'];

/** Options whose value is a text of the filter. */
const TEXTS = [
  ['--city <name>', 'city', 'city'],
  ['--state <code>', 'two letters, such as WA', 'state'],
  ['--zip <code>', 'ZIP code', 'zip_code'],
  ['--location <place>', 'ZIP code, "City", "City, ST" or a state’s two letters', 'location'],
  ['--type <name>', 'RESO property type, such as Residential', 'property_type'],
  ['--bbox <box>', 'west,south,east,north in degrees', 'bbox'],
  ['--near <place>', 'latitude,longitude; with --radius', 'near'],
  ['--polygon <corners>', 'latitude,longitude of each corner, between semicolons', 'polygon'],
] as const;
/** Options whose value is a number of the filter. */
const NUMBERS = [
  ['--min-price <dollars>', 'asking price at least', 'min_price'],
  ['--max-price <dollars>', 'asking price at most', 'max_price'],
  ['--min-sqft <n>', 'living area at least', 'min_sqft'],
  ['--max-sqft <n>', 'living area at most', 'max_sqft'],
  ['--min-score <n>', 'bird-dog score at least', 'min_score'],
  ['--max-score <n>', 'bird-dog score at most', 'max_score'],
  ['--min-bedrooms <n>', 'bedrooms at least', 'min_bedrooms'],
  ['--max-bedrooms <n>', 'bedrooms at most', 'max_bedrooms'],
  ['--min-year <year>', 'built in it or later', 'min_year'],
  ['--max-year <year>', 'built in it or before', 'max_year'],
  ['--radius <metres>', 'with --near: how far around it', 'radius_m'],
] as const;

/** Adds the filters of a search to a verb. */
export function withSearchOptions(command: Command): Command {
  command
    .option('--county <county>', 'slug or FIPS code')
    .option('--status <status>', STATUSES.join(', '))
    .option('--tag <tag>', 'with this tag, by name or id; again for more: one of them', repeated);
  for (const [flags, description] of [...TEXTS, ...NUMBERS]) command.option(flags, description);
  return command;
}

/**
 * The filter that the options ask for.
 * @throws ReosError `validation` naming the option, `not_found` for a county or tag that there is none of
 */
export async function searchFilterOf(api: ApiClient, options: Record<string, unknown>): Promise<SearchFilter> {
  const given = (flags: string) => options[camelName(flags)];
  const texts = TEXTS.flatMap(([flags, , field]) => {
    const value = given(flags);
    return value === undefined ? [] : [[field, String(value)]];
  });
  const numbers = NUMBERS.flatMap(([flags, , field]) => {
    const value = given(flags);
    return value === undefined ? [] : [[field, numberOf(flags.split(' ')[0]!, value)]];
  });
  const status = statusOf(options.status);
  const tags = options.tag === undefined ? [] : await tagIdsOf(api, options.tag as string[]);
  return {
    ...(options.county === undefined ? {} : { county: await fipsOf(api, String(options.county)) }),
    ...(status === undefined ? {} : { status }),
    ...(tags.length === 0 ? {} : { tags: tags.join(',') }),
    ...(Object.fromEntries([...texts, ...numbers]) as SearchFilter),
  };
}

/** The ids of tags that are named by name or id. @throws ReosError `not_found` */
export async function tagIdsOf(api: ApiClient, names: readonly string[]): Promise<string[]> {
  const tags = await collect(100_000, (query) => take(api.GET('/api/v1/tags', { params: { query } })));
  return names.map((name) => {
    const wanted = name.trim().toLowerCase();
    const found = tags.find((tag) => tag.id === wanted || tag.name.toLowerCase() === wanted);
    if (found !== undefined) return found.id;
    throw new ReosError('not_found', `There is no tag '${name}'. See: reos tag list. Make one with: reos tag add NAME`);
  });
}

/** For an option that may be given again. */
export const repeated = (text: string, before: string[] = []): string[] => [...before, text];

/** `--min-price <dollars>` as the parsed options name it: `minPrice`. */
const camelName = (flags: string) =>
  flags
    .split(' ')[0]!
    .slice(2)
    .replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

async function fipsOf(api: ApiClient, county: string): Promise<string> {
  if (/^\d{5}$/.test(county)) return county;
  return (await take(api.GET('/api/v1/counties/{county}', { params: { path: { county } } }))).fips;
}

function statusOf(value: unknown): (typeof STATUSES)[number] | undefined {
  const found = STATUSES.find((one) => one === value);
  if (found !== undefined || value === undefined) return found;
  throw new ReosError('validation', `--status: '${String(value)}' is no status. One of: ${STATUSES.join(', ')}.`);
}

/** Of `450000`, `$450,000` or `450k`. @throws ReosError `validation` */
function numberOf(option: string, value: unknown): number {
  const [, figure = '', unit = ''] = /^\$?([\d.,]+)([km]?)$/i.exec(String(value).trim()) ?? [];
  const number = Number(figure.replaceAll(',', '')) * ({ k: 1_000, m: 1_000_000 }[unit.toLowerCase()] ?? 1);
  if (figure !== '' && Number.isFinite(number)) return number;
  throw new ReosError('validation', `${option}: '${String(value)}' is not a number of 0 or more.`);
}
