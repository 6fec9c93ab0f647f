import type { QueryClient } from '@tanstack/react-query';
import { take } from '../../../sdk/client.ts';
import { client, type Schemas } from '../../app/api.ts';
import { streetName } from '../../lib/names.ts';
import { answerKey, FRESH_MS, usePropertyAnswer } from './queries.ts';

/** A property with everything that is known. */
export type Property = Schemas['Property'];

/** The property itself; every part begins with it. */
export function useProperty(propertyId: string) {
  return usePropertyAnswer<Property>(propertyId, ['detail'], () => readProperty(propertyId));
}

/** Asks for a property that is likely to be opened next, so that it is there at once. A failure is told when it is opened. */
export function prefetchProperty(queries: QueryClient, propertyId: string): Promise<void> {
  return queries.prefetchQuery({
    queryKey: answerKey(propertyId, ['detail']),
    queryFn: () => readProperty(propertyId),
    staleTime: FRESH_MS,
  });
}

/** Whether there is an answer about the property to show, and whether it is as good as new. */
export function knownProperty(queries: QueryClient, propertyId: string): 'no' | 'old' | 'fresh' {
  const state = queries.getQueryState(answerKey(propertyId, ['detail']));
  if (state?.data === undefined) return 'no';
  return state.isInvalidated || Date.now() - state.dataUpdatedAt > FRESH_MS ? 'old' : 'fresh';
}

function readProperty(propertyId: string): Promise<Property> {
  return take(client.GET('/api/v1/properties/{id}', { params: { path: { id: propertyId } } }));
}

/** How a property is called where there is no room: its address, else its parcel. */
export function nameOfProperty({ address, apn }: { address: string | null; apn?: string | null }): string {
  return address ? streetName(address) : apn ? `Parcel ${apn}` : 'Property without an address';
}
