import { z } from '@hono/zod-openapi';
import { PROPERTY_SORTS } from '../../db/queries/property-list.ts';
import type { PropertySearch } from '../../db/queries/property-search.ts';
import type { Alert, SavedSearch } from '../../db/queries/saved-searches.ts';
import { ReosError } from '../../domain/errors.ts';
import type { Principal } from '../kit/principal.ts';
import { id, instant, text } from '../kit/schemas.ts';
import { searchFields, searchOf } from './properties-search.ts';

/** When the owner is told of new matches, as the outside says it. */
export const alert = z.enum(['off', 'instant', 'daily']);
/** What a search is narrowed by: the same as the query of `/api/v1/properties/search`, and how the list of it was looked at. */
export const filter = z
  .strictObject({
    ...searchFields,
    sort: z.enum(PROPERTY_SORTS).optional(),
    meaning: text(500).optional().openapi({ description: 'What was looked for by meaning; alerts go by the rest' }),
  })
  .openapi('PropertySearchFilter');
const storedFilter = z.object(searchFields);

/** A saved search in answers. */
export const savedSearch = z
  .object({
    id,
    name: z.string(),
    filter: z.record(z.string(), z.unknown()).openapi({ description: 'As `/api/v1/properties/search` takes it' }),
    shared: z.boolean(),
    alert,
    email: z.boolean().openapi({ description: 'Whether alerts are mailed, too' }),
    owner: z.object({ id, name: z.string() }),
    is_own: z.boolean(),
    created_at: instant,
    updated_at: instant,
  })
  .openapi('SavedSearch');

/** What a request may set. */
export const savedSearchFields = {
  name: text(100).refine((value) => value.trim() !== '', 'must not be blank'),
  filter,
  shared: z.boolean(),
  alert,
  email: z.boolean(),
};

export const alertIn = (value: z.output<typeof alert>): Alert => (value === 'off' ? 'none' : value);

export function savedSearchOf(row: SavedSearch, principal: Principal): z.input<typeof savedSearch> {
  return {
    id: row.id,
    name: row.name,
    filter: row.query as Record<string, unknown>,
    shared: row.isShared,
    alert: row.alert === 'instant' || row.alert === 'daily' ? row.alert : 'off',
    email: row.byEmail,
    owner: { id: row.userId, name: row.ownerName },
    is_own: principal.kind === 'user' && principal.id === row.userId,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
  };
}

/**
 * The search that was stored.
 * @throws ReosError `conflict` when it was stored by a release that knew other filters
 */
export function storedSearch(query: unknown): PropertySearch {
  const parsed = storedFilter.safeParse(query);
  if (parsed.success) return searchOf(parsed.data);
  const issue = parsed.error.issues[0];
  throw new ReosError(
    'conflict',
    `The saved search cannot be run: ${issue?.path.join('.')}: ${issue?.message}. Save its filter anew.`,
  );
}
