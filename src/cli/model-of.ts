import { ReosError } from '../domain/errors.ts';
import { type ApiClient, type components, take } from '../sdk/client.ts';

/** A valuation model as the API answers it. */
export type Model = components['schemas']['Model'];

const ID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * The id of the model that a person names by its id, the beginning of it, or its version.
 * @throws ReosError `not_found` for none, `validation` naming them when several fit
 */
export async function findModelId(api: ApiClient, key: string): Promise<string> {
  if (ID.test(key)) return key.toLowerCase();
  const { items } = await take(api.GET('/api/v1/models', { params: {} }));
  const exact = items.filter(({ version }) => version === key);
  const found = exact.length === 1 ? exact : items.filter(({ id, version }) => version === key || beginsWith(id, key));
  const [only] = found;
  if (only === undefined) {
    throw new ReosError('not_found', `There is no model '${key}'. List them with: reos models list`);
  }
  if (found.length === 1) return only.id;
  const names = found.map(({ id, version, market }) => `${id} (${market} ${version})`).join(', ');
  throw new ReosError('validation', `'${key}' fits several models: ${names}. Name one by its id.`);
}

const beginsWith = (id: string, key: string): boolean => key !== '' && id.startsWith(key.toLowerCase());
