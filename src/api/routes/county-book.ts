import type { County } from '../../domain/county.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import type { CountyBook } from '../intake-doors.ts';
import { partOf } from './missing-part.ts';

/** The counties of this installation. @throws ReosError `missing_part` where they were not read */
export const countiesOf = (deps: Pick<ApiDeps, 'counties'>): CountyBook => partOf(deps.counties, 'Counties');

/**
 * The county that a request names by slug or FIPS code.
 * @throws ReosError `validation` naming the field and the counties that exist
 */
export function countyNamed(deps: Pick<ApiDeps, 'counties'>, key: string, field = 'county'): County {
  const book = countiesOf(deps);
  const found = book.all.find(({ slug, fips }) => slug === key.toLowerCase() || fips === key);
  if (found !== undefined) return found;
  const known = book.all.map(({ slug }) => slug).join(', ');
  throw new ReosError('validation', `${field}: there is no county '${key}'. Known: ${known}.`, { details: { field } });
}
