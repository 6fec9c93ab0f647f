import type { ApiDeps } from '../deps.ts';
import type { Endpoint } from '../kit/endpoint.ts';
import { tagEndpoints } from './tags.ts';

/** Every route of the document. A new noun is one file here beside and one line. */
export function endpointsOf(_deps: ApiDeps): Endpoint[] {
  return [...tagEndpoints()];
}
