import createQueryApi from 'openapi-react-query';
import { type components, createApiClient } from '../../sdk/client.ts';
import { noteOutdated } from './outdated.ts';
import { noteStanding, withPatience } from './request-pace.ts';
import { credential, signedInAgain } from './session.ts';

/** The shapes of the API: `Schemas['Property']`. */
export type Schemas = components['schemas'];

/** The API with the session of this browser. A token that is refused is renewed once, and the call repeated. */
export const client = createApiClient({
  baseUrl: window.location.origin,
  credential: () => credential(),
  // The screen shows at once what is wrong; the person or the query tries again.
  retry: { retries: 1, longestWaitMs: 2_000 },
  fetch: (request) => patientFetch(request),
});

/**
 * The API as queries and mutations: `api.useQuery('get', '/api/v1/tags')`,
 * `api.useMutation('post', '/api/v1/tags')`. Keys are `[method, path, init]`.
 */
export const api = createQueryApi(client);

/** As `authorisedFetch`; reads wait where this organisation has asked enough for now. */
export const patientFetch = withPatience(authorisedFetch);

/**
 * Sends with the session's token; a 401 in the middle renews it and sends once more. When the session has ended, it waits
 * until the person has signed in again, and sends then: what was begun goes on by itself. A write has the same
 * Idempotency-Key each time, so that it is done once.
 */
export async function authorisedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await noted(request);
  if (response.status !== 401) return response;
  const used = request.headers.get('Authorization')?.replace(/^Bearer /, '');
  const token = (await credential(used)) ?? (await signedInAgain(request.signal));
  if (token === undefined || token === used) return response;
  await response.body?.cancel();
  again.headers.set('Authorization', `Bearer ${token}`);
  return noted(again);
}

/** Sends, and remembers what the answer says of the rate and of its own age. */
async function noted(request: Request): Promise<Response> {
  const response = await fetch(request);
  noteStanding(response);
  noteOutdated(request, response);
  return response;
}
