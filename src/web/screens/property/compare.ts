import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import type { Comparison } from './comparable-sales.ts';
import type { Choice } from './comparables-choice.ts';

/** Asks for the comparable sales under a choice; nothing is stored. */
export async function compare(propertyId: string, choice: Choice): Promise<Comparison> {
  const answer = await take(
    client.POST('/api/v1/properties/{id}/comparables', {
      params: { path: { id: propertyId } },
      body: {
        include: choice.include,
        exclude: choice.exclude,
        ...(choice.radiusMiles !== null && { radius_miles: choice.radiusMiles }),
        ...(choice.months !== null && { months: choice.months }),
      },
    }),
  );
  return answer as unknown as Comparison;
}
