import { api } from '../../app/api.ts';
import { QueryView } from '../../ui/states.tsx';

/** Everything that is known of a property, part after part; each part loads by itself. */
export function PropertyParts({ propertyId, onClose }: { propertyId: string; onClose?: () => void }) {
  const property = api.useQuery('get', '/api/v1/properties/{id}', { params: { path: { id: propertyId } } });
  return (
    <QueryView query={property} label="Property">
      {(data) => (
        <article>
          <h2>{data.address ?? data.apn ?? 'Property'}</h2>
          {onClose && (
            <button type="button" onClick={onClose}>
              Close
            </button>
          )}
        </article>
      )}
    </QueryView>
  );
}
