import type { PricedModel } from '../activities/market/commentary.ts';
import { createHttpClient } from '../http/client.ts';
import { createClaude } from '../intelligence/claude.ts';
import type { Settings } from '../settings.ts';

/** The model that comments on briefings, behind a client that trusts its origin alone; undefined without a key. */
export function openModel(settings: Pick<Settings, 'anthropic' | 'userAgent'>): PricedModel | undefined {
  const { anthropic, userAgent } = settings;
  if (anthropic === undefined) return undefined;
  const { model, pricePerMillionUsd, maxSteps } = anthropic;
  const http = createHttpClient({ userAgent, trustedOrigins: [anthropic.baseUrl] });
  return {
    ask: createClaude(http, anthropic),
    name: model,
    millionInputMicros: Math.round(pricePerMillionUsd.input * 1e6),
    millionOutputMicros: Math.round(pricePerMillionUsd.output * 1e6),
    maxSteps,
  };
}
