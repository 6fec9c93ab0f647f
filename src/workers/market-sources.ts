import type { DropStore } from '../activities/market/load-drop-store.ts';
import type { MarketSources } from '../activities/market/sources/pull.ts';
import { loadMarketSources } from '../config/market-sources.ts';
import { createHttpClient } from '../http/client.ts';
import type { Settings } from '../settings.ts';
import { createS3Drop } from '../storage/s3-drop.ts';

/**
 * The databases and MLSs that are pulled, behind a client that trusts their origins alone; undefined where none is named.
 * @throws ReosError for a file of sources that is wrong
 */
export async function openMarketSources(
  settings: Pick<Settings, 'marketSources' | 'userAgent' | 'env'>,
): Promise<MarketSources | undefined> {
  if (settings.marketSources === undefined) return undefined;
  const list = await loadMarketSources(settings.marketSources, settings.env);
  const trustedOrigins = list.flatMap((one) =>
    one.kind === 'reso' ? [one.url, ...(one.oauth === undefined ? [] : [one.oauth.token_url])] : [],
  );
  return { list, http: createHttpClient({ userAgent: settings.userAgent, trustedOrigins }) };
}

/** The prefix of the bucket in which market files are dropped; undefined where none is watched. */
export function openDropStore({ s3, marketDropPrefix: prefix }: Pick<Settings, 's3' | 'marketDropPrefix'>) {
  if (s3 === undefined || prefix === undefined) return undefined;
  const { endpoint, ...options } = s3;
  const drop = createS3Drop({ ...options, ...(endpoint === undefined ? {} : { endpoint }) });
  return { ...drop, prefix } satisfies DropStore & { close(): void };
}
