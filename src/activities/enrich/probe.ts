import { messageOf, ReosError } from '../../domain/errors.ts';
import type { HttpClient } from '../../http/types.ts';
import type { EnrichmentSubject } from './provider.ts';
import { PROVIDER_NAMES, PROVIDERS, type ProviderName } from './registry.ts';

/** How one provider answered the probe. */
export interface ProbeResult {
  provider: ProviderName;
  baseUrl: string;
  /** True when it gave an answer of its documented shape, or refused only the question. */
  answers: boolean;
  simulated: boolean;
  elapsedMs: number;
  /** Why it does not answer; null when it does. */
  reason: string | null;
}

const KING: EnrichmentSubject = {
  propertyId: 'probe',
  countyFips: '53033',
  countySlug: 'king-wa',
  apn: '0942000640',
  address: null,
  city: null,
  state: 'WA',
  zip: '98104',
  latitude: 47.6036,
  longitude: -122.3294,
  censusTract: null,
};
const SUBJECTS: Partial<Record<ProviderName, EnrichmentSubject>> = {
  'cook-county-assessor': { ...KING, countyFips: '17031', countySlug: 'cook-il', apn: '17094470040000', state: 'IL' },
};

/**
 * Asks each provider one harmless question (a public building) to see which services can be reached from here; all at once,
 * so it takes one time-out at most. Never throws. A key that is refused counts as no answer.
 */
export function probeProviders(
  http: HttpClient,
  baseUrls: Readonly<Record<string, string>>,
  timeoutMs = 1500,
): Promise<ProbeResult[]> {
  const deadline = performance.now() + timeoutMs;
  const quick: HttpClient = {
    fetch: (request) => http.fetch({ ...request, timeoutMs: Math.max(1, Math.round(deadline - performance.now())) }),
  };
  return Promise.all(PROVIDER_NAMES.map((name) => probe(quick, baseUrls, name)));
}

async function probe(
  http: HttpClient,
  baseUrls: Readonly<Record<string, string>>,
  name: ProviderName,
): Promise<ProbeResult> {
  const provider = PROVIDERS[name];
  const started = performance.now();
  const finish = (answers: boolean, simulated: boolean, reason: string | null): ProbeResult => ({
    provider: name,
    baseUrl: baseUrls[name] ?? provider.defaultBaseUrl,
    answers,
    simulated,
    elapsedMs: Math.round(performance.now() - started),
    reason,
  });
  try {
    const answer = await provider.fetch({ http, baseUrls }, SUBJECTS[name] ?? KING);
    return finish(true, answer.simulated, null);
  } catch (error) {
    const refusedOnlyTheQuestion = error instanceof ReosError && error.code === 'validation';
    return finish(refusedOnlyTheQuestion, false, refusedOnlyTheQuestion ? null : messageOf(error));
  }
}

/**
 * The base URLs to work with: each provider's own address where it answered with facts, else the stand-in's. Without a
 * stand-in for a provider its own address stays, and its calls fail as they would.
 */
export function chooseBaseUrls(
  probes: readonly ProbeResult[],
  standIn: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    probes.map(({ provider, baseUrl, answers }) => [provider, answers ? baseUrl : (standIn[provider] ?? baseUrl)]),
  );
}
