import { z } from '@hono/zod-openapi';
import { markSeen } from '../../db/queries/property-views.ts';
import { unknownProperties } from '../../db/queries/tags-properties.ts';
import { ReosError } from '../../domain/errors.ts';
import { type Endpoint, endpoint } from '../kit/endpoint.ts';
import { id } from '../kit/schemas.ts';

/** What a person has looked at: the search with `unseen_by` leaves it out. */
export function propertyViewEndpoints(): Endpoint[] {
  return [
    endpoint(
      {
        method: 'post',
        path: '/api/v1/properties/seen',
        operationId: 'markPropertiesSeen',
        tag: 'Properties',
        summary: 'Mark up to 500 properties as seen by oneself, or as not seen; one that is gone is passed over',
        permission: 'properties:read',
        body: z.strictObject({ property_ids: z.array(id).min(1).max(500), seen: z.boolean().default(true) }),
        answer: null,
      },
      async ({ trx, principal, body, now }) => {
        if (principal.kind !== 'user') {
          throw new ReosError(
            'forbidden',
            'An API key looks at nothing: these marks belong to people. Sign in as a user.',
          );
        }
        const unknown = new Set(await unknownProperties(trx, body.property_ids));
        const known = body.property_ids.filter((one) => !unknown.has(one));
        if (known.length > 0) await markSeen(trx, principal.id, known, { isSeen: body.seen, now });
      },
    ),
  ];
}
