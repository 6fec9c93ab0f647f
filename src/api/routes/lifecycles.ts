import { z } from '@hono/zod-openapi';
import { campaignOfId } from '../../db/queries/campaigns-api.ts';
import { readProperties } from '../../db/queries/properties.ts';
import type { TenantTrx } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { Property } from '../../domain/property.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { booleanQuery, id, idParams, text } from '../kit/schemas.ts';
import type { LifecycleReference } from '../outreach-doors.ts';
import { partOf } from './missing-part.ts';

const accepted = z.object({ property_id: id, accepted: z.literal(true) }).openapi('AcceptedOrder');
const carriedOut = accepted
  .extend({
    status: z.string().nullable().openapi({ description: 'With wait=true: where the property stands after it' }),
    bird_dog_score: z.number().nullable(),
  })
  .openapi('CarriedOutOrder');
const empty = z.strictObject({});
const SIGNALS = [
  ['pause', 'pause', 'Pause a property: no further step until it is resumed', empty],
  ['resume', 'resume', 'Resume a paused property, or a failed one from the stage that failed', empty],
  ['suppress', 'suppress', 'Leave a property alone from now on', z.strictObject({ reason: text(300) })],
  [
    'outcome',
    'recordOutcome',
    'Record how the deal ended',
    z.strictObject({ outcome: text(60), note: text(1000).optional() }),
  ],
] as const;
const UPDATES = [
  ['re-enrich', 'reEnrich', 'Ask the data sources again', 'properties:update'],
  ['re-score', 'reScore', 'Score again', 'properties:update'],
  ['re-memo', 'reMemo', 'Make the memo again', 'memos:create'],
] as const;

/** Orders to a property's workflow. They are accepted (202); what they lead to is in its timeline. */
export function lifecycleEndpoints(deps: Pick<ApiDeps, 'lifecycles' | 'countySlug'>): Endpoint[] {
  const about = { method: 'post', tag: 'Properties', params: idParams, answer: accepted, status: 202 } as const;
  const door = () => partOf(deps.lifecycles, 'Properties');
  const referenceOf = (tenantId: string, property: Property): LifecycleReference => {
    const county = deps.countySlug?.(property.countyFips) ?? property.countyFips;
    const summary = [property.city, property.state].filter(Boolean).join(', ') || county;
    return { tenantId, propertyId: property.id, county, apn: property.apn, source: null, summary };
  };
  const done = (propertyId: string) => ({ property_id: propertyId, accepted: true as const });
  return [
    ...SIGNALS.map(([verb, signal, summary, body]) =>
      ownEndpoint(
        {
          ...about,
          path: `/api/v1/properties/{id}/${verb}`,
          operationId: `${verb === 'outcome' ? 'recordOutcomeOf' : verb}Property`,
          summary,
          permission: 'properties:update',
          body: body as z.ZodType<Record<string, unknown>>,
        },
        async ({ principal, params, body: payload, inTenant }) => {
          await inTenant((trx) => propertyOfId(trx, params.id));
          const isBare = Object.keys(payload).length === 0;
          await door().signal(principal.tenantId, params.id, signal, isBare ? undefined : payload);
          return done(params.id);
        },
      ),
    ),
    ...UPDATES.map(([verb, update, summary, permission]) =>
      ownEndpoint(
        {
          ...about,
          path: `/api/v1/properties/{id}/${verb}`,
          operationId: `${update}Property`,
          summary,
          permission,
          query: z.object({
            wait: booleanQuery.default(false).openapi({ description: 'Answer at its end; 10 s at most' }),
          }),
          answer: carriedOut,
        },
        async ({ principal, params, query, inTenant }) => {
          const property = await inTenant((trx) => propertyOfId(trx, params.id));
          const reference = referenceOf(principal.tenantId, property);
          if (!query.wait) {
            await door().request(reference, update);
            return { ...done(params.id), status: null, bird_dog_score: null };
          }
          const view = (await door().update(reference, update)) as { stage?: string; birdDogScore?: number | null };
          return { ...done(params.id), status: view.stage ?? null, bird_dog_score: view.birdDogScore ?? null };
        },
      ),
    ),
    ownEndpoint(
      {
        ...about,
        path: '/api/v1/properties/{id}/approve-outreach',
        operationId: 'approveOutreachOfProperty',
        summary: 'Approve what a campaign is to send about this property',
        permission: 'outreach:approve',
        body: z.strictObject({ campaign_id: id }),
      },
      async ({ principal, params, body, inTenant }) => {
        const property = await inTenant(async (trx) => {
          await campaignOfId(trx, body.campaign_id);
          return propertyOfId(trx, params.id);
        });
        const reference = referenceOf(principal.tenantId, property);
        await door().update(reference, 'approveOutreach', { campaignId: body.campaign_id });
        return done(params.id);
      },
    ),
  ];
}

async function propertyOfId(trx: TenantTrx, propertyId: string): Promise<Property> {
  const found = (await readProperties(trx, [propertyId])).get(propertyId);
  if (found !== undefined) return found;
  throw new ReosError('not_found', `There is no property ${propertyId}.`);
}
