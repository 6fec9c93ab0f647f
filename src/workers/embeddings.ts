import type { PricedEmbedder } from '../activities/platform/embeddings.ts';
import { createHttpClient } from '../http/client.ts';
import { createEmbedder } from '../http/embeddings.ts';
import type { Settings } from '../settings.ts';

/** The embedding model that the settings name, behind a client that trusts its origin alone; undefined without one. */
export function openEmbedder(settings: Pick<Settings, 'embeddings' | 'userAgent'>): PricedEmbedder | undefined {
  const { embeddings, userAgent } = settings;
  if (embeddings === undefined) return undefined;
  const http = createHttpClient({ userAgent, trustedOrigins: [embeddings.url] });
  return {
    embedder: createEmbedder(http, embeddings),
    millionTokensMicros: Math.round(embeddings.pricePerMillionUsd * 1e6),
  };
}
