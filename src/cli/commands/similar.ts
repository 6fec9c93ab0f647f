import { recommendSimilar, type SimilarityFilters, type SimilarityRow } from '../../db/queries/similarity.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { STATUSES } from '../../domain/lifecycle.ts';
import { priceOf } from '../../domain/similarity/dimensions.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { checkId, wholeNumber } from './lifecycle.ts';

/** `reos similar ID`: the properties most like this one, with what makes them alike and what tells them apart. */
export const similar: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  async run(context, [id], options) {
    const propertyId = checkId(id);
    const filters = filtersOf(options);
    const limit = wholeNumber('--limit', options.limit);
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const counties = await system.counties();
      const countyFips = options.county === undefined ? undefined : counties.find(String(options.county)).fips;
      const asOf = new Date().toISOString().slice(0, 10);
      const { subject, compared, similar } = await withTenant(system.db, tenant.id, (trx) =>
        recommendSimilar(trx, propertyId, {
          asOf,
          limit,
          filters,
          ...(countyFips === undefined ? {} : { countyFips }),
        }),
      );
      const rows = similar.map(({ property, similarity, alike, different }) => ({
        property: property.address ?? property.apn ?? property.id,
        similarity: similarity.toFixed(3),
        price: usd(priceOf(property)),
        sqft: property.sqft ?? '',
        'alike in': alike.map(({ label }) => label).join(', '),
        'differs in': different.map(({ label }) => label).join(', '),
        id: property.id,
      }));
      context.output.answer(
        {
          tenant: tenant.slug,
          property_id: propertyId,
          compared,
          similar: similar.map(({ property, similarity, alike, different }) => ({
            ...houseJson(property),
            similarity,
            alike,
            different,
          })),
        },
        [
          `Like ${subject.address ?? subject.apn ?? subject.id}, among ${compared} properties`,
          rows.length === 0
            ? 'None passes the filters.'
            : table(rows, ['property', 'similarity', 'price', 'sqft', 'alike in', 'differs in', 'id']),
        ].join('\n'),
      );
    });
  },
};

function filtersOf(options: Record<string, unknown>): SimilarityFilters {
  const given: Array<[keyof SimilarityFilters, string, unknown, number]> = [
    ['minPriceCents', '--min-price', options.minPrice, 100],
    ['maxPriceCents', '--max-price', options.maxPrice, 100],
    ['minSqft', '--min-sqft', options.minSqft, 1],
    ['maxSqft', '--max-sqft', options.maxSqft, 1],
    ['minBedrooms', '--min-bedrooms', options.minBedrooms, 1],
    ['minScore', '--min-score', options.minScore, 1],
  ];
  const numbers = given.flatMap(([name, option, value, scale]) =>
    value === undefined ? [] : [[name, amount(option, value) * scale]],
  );
  const status = options.status === undefined ? undefined : String(options.status);
  if (status !== undefined && !(STATUSES as readonly string[]).includes(status)) {
    throw new ReosError('validation', `--status: '${status}' is no status. One of: ${STATUSES.join(', ')}.`);
  }
  return {
    ...(Object.fromEntries(numbers) as SimilarityFilters),
    ...(status === undefined ? {} : { status }),
    ...(options.type === undefined ? {} : { propertyType: String(options.type) }),
    ...(options.forSale === true ? { isForSale: true } : {}),
  };
}

function amount(option: string, value: unknown): number {
  const number = Number(String(value).replace(/[$,]/g, ''));
  if (String(value).trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new ReosError('validation', `${option}: '${String(value)}' is not a number of 0 or more.`);
}

function houseJson(house: SimilarityRow): Record<string, unknown> {
  const cents = priceOf(house);
  return {
    property_id: house.id,
    address: house.address,
    apn: house.apn,
    city: house.city,
    zip_code: house.zipCode,
    county_fips: house.countyFips,
    property_type: house.propertySubType ?? house.propertyType,
    price: cents === null ? null : cents / 100,
    sqft: house.sqft,
    bedrooms: house.bedrooms,
    bathrooms: house.bathrooms,
    year_built: house.yearBuilt,
    bird_dog_score: house.birdDogScore,
    status: house.status,
  };
}

const usd = (cents: number | null) => (cents === null ? '' : `$${Math.round(cents / 100).toLocaleString('en-US')}`);
