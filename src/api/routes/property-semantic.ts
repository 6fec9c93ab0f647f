import { z } from '@hono/zod-openapi';
import { findNearest } from '../../db/queries/embeddings.ts';
import { EXACT_COUNT } from '../../db/queries/property-search.ts';
import { readSummaries } from '../../db/queries/property-semantic.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { type Endpoint, ownEndpoint } from '../kit/endpoint.ts';
import { text, wholeQuery } from '../kit/schemas.ts';
import { searchFields, searchOf } from './properties-search.ts';
import { propertySummary, summaryOf } from './properties-shapes.ts';

const found = z
  .object({
    properties: z.array(
      z.object({ similarity: z.number().openapi({ description: 'Cosine, -1 to 1' }), property: propertySummary }),
    ),
    model: z.string(),
  })
  .openapi('SemanticSearchResult');

/** `/api/v1/properties/semantic`: search by meaning, with the filters of the search. */
export function propertySemanticEndpoints(deps: Pick<ApiDeps, 'embedder'>): Endpoint[] {
  return [
    ownEndpoint(
      {
        method: 'get',
        path: '/api/v1/properties/semantic',
        operationId: 'searchPropertiesByMeaning',
        tag: 'Properties',
        summary: 'Properties whose description means what is asked for, nearest first',
        description: `Filters come first: of at most ${EXACT_COUNT} properties that fit them, those with a description are compared. Without an embedding model it answers 503.`,
        permission: 'properties:read',
        query: z.object({
          ...searchFields,
          semantic: text(500).openapi({ description: 'What is looked for, in plain words' }),
          limit: wholeQuery(1, 100).default(20),
        }),
        answer: found,
      },
      async ({ query, inTenant }) => {
        const { embedder } = deps;
        if (embedder === undefined) {
          throw new ReosError(
            'missing_part',
            'Search by meaning needs an embedding model, and none is set up. Set REOS_EMBEDDINGS_URL and REOS_EMBEDDINGS_MODEL, or search by words with q.',
          );
        }
        const { semantic, limit, ...filters } = query;
        const search = searchOf(filters);
        // No transaction is held while the model thinks.
        const [vector] = (await embedder.embed([semantic])).vectors;
        const { model } = embedder;
        return inTenant(async (trx) => {
          const nearest = await findNearest(trx, search, { model, vector: vector!, limit });
          const rows = await readSummaries(
            trx,
            nearest.map(({ id }) => id),
          );
          return {
            model,
            properties: nearest.flatMap(({ id, similarity }) => {
              const row = rows.get(id);
              return row === undefined
                ? []
                : [{ similarity: Math.round(similarity * 10_000) / 10_000, property: summaryOf(row) }];
            }),
          };
        });
      },
    ),
  ];
}
