import type { EnrichmentField, EnrichmentFields } from '../../domain/provenance.ts';
import type { HttpClient } from '../../http/types.ts';

/** The property as a provider sees it. Null means unknown. */
export interface EnrichmentSubject {
  propertyId: string;
  countyFips: string;
  countySlug: string;
  /** Normalised: digits (and a letter where the county uses one), no dashes. */
  apn: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip: string | null;
  latitude: number | null;
  longitude: number | null;
  /** 11-digit tract GEOID, once a geocoder gave it. */
  censusTract?: string | null;
}

/** What a provider works with. Base URLs and keys come from settings, by provider name. */
export interface ProviderDeps {
  http: HttpClient;
  baseUrls: Readonly<Record<string, string>>;
  /** API keys by provider name; absent for services without keys. */
  apiKeys?: Readonly<Record<string, string | undefined>>;
}

/** What one provider said about one property. An empty `fields` is a valid answer: it knows nothing. */
export interface ProviderAnswer {
  fields: EnrichmentFields;
  /** 0–1, the provider's own trust in the values. */
  confidence: number;
  /** The bytes as received, in the order of the calls, for the raw store. */
  rawBody: Buffer;
  /** True when any of the answers came from the offline simulator. */
  simulated: boolean;
  /** The address asked, without keys. */
  sourceUrl: string;
  /** HTTP requests made: each is one row of the cost ledger at costMicros. */
  calls: number;
}

/** One source of enrichment: one file, one line in the registry. */
export interface Provider {
  name: string;
  /** What it may fill, under the names of PropertyFacts. */
  fields: readonly EnrichmentField[];
  /** Fields of the subject worth waiting for when another provider can still fill them. */
  waitsFor: readonly EnrichmentField[];
  /** Price of one HTTP request in 1e-6 USD; 0 is free. */
  costMicros: number;
  /** HTTP requests that one answer may take at most; a paid answer is reserved whole. Default 1. */
  maxCalls?: number;
  cacheTtlSeconds: number;
  /** Token bucket shared by all workers, for the public service; a stand-in on loopback needs none. */
  rate: { perSecond: number; burst: number };
  timeoutMs: number;
  /** The public service; settings may replace it. */
  defaultBaseUrl: string;
  /** True when the subject has what the provider needs, and lies where it has data. */
  coverage(subject: EnrichmentSubject): boolean;
  /** Subjects with the same key get the same answer; the shared cache uses it. */
  cacheKey(subject: EnrichmentSubject): string;
  /**
   * Asks the service. @throws ReosError `transient` (down, busy; see retryAfterSeconds), `validation` and `not_found` (it
   * refused the question), `auth_revoked` (key missing or refused), `blocked` (a bot wall)
   */
  fetch(deps: ProviderDeps, subject: EnrichmentSubject): Promise<ProviderAnswer>;
}
