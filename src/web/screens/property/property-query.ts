import { take } from '../../../sdk/client.ts';
import { client, type Schemas } from '../../app/api.ts';
import { usePropertyAnswer } from './queries.ts';

/** A property with everything that is known. */
export type Property = Schemas['Property'];

/** The property itself; every part begins with it. */
export function useProperty(propertyId: string) {
  return usePropertyAnswer<Property>(propertyId, ['detail'], () =>
    take(client.GET('/api/v1/properties/{id}', { params: { path: { id: propertyId } } })),
  );
}

/** How a property is called where there is no room: its address, else its parcel. */
export function nameOfProperty({ address, apn }: { address: string | null; apn?: string | null }): string {
  return address ?? (apn ? `Parcel ${apn}` : 'Property without an address');
}
