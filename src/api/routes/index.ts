import type { ApiDeps } from '../deps.ts';
import type { Endpoint } from '../kit/endpoint.ts';
import { authEndpoints } from './auth.ts';
import { campaignOrderEndpoints } from './campaign-orders.ts';
import { campaignEndpoints } from './campaigns.ts';
import { commentEndpoints } from './comments.ts';
import { enrichmentEndpoints } from './enrichment.ts';
import { enrichmentStatsEndpoints } from './enrichment-stats.ts';
import { eventEndpoints } from './events.ts';
import { metricsEndpoints } from './metrics.ts';
import { propertyEndpoints } from './properties.ts';
import { scoringEndpoints } from './scoring.ts';
import { scrapingEndpoints } from './scraping.ts';
import { tagEndpoints } from './tags.ts';
import { tenantEndpoints } from './tenants.ts';
import { userEndpoints } from './users.ts';

/** Every route of the document. A new noun is one file here beside and one line. */
export function endpointsOf(deps: ApiDeps): Endpoint[] {
  return [
    ...eventEndpoints(deps),
    ...enrichmentEndpoints(),
    ...enrichmentStatsEndpoints(),
    ...metricsEndpoints(),
    ...propertyEndpoints(),
    ...scoringEndpoints(),
    ...scrapingEndpoints(),
    ...authEndpoints({ db: deps.db, ...deps.auth }),
    ...userEndpoints(),
    ...tenantEndpoints(deps),
    ...commentEndpoints(),
    ...campaignEndpoints(deps),
    ...campaignOrderEndpoints(deps),
    ...tagEndpoints(),
  ];
}
