import { censusAcs } from './census-acs.ts';
import { censusGeocoder } from './census-geocoder.ts';
import { cookCountyAssessor } from './cook-county-assessor.ts';
import { femaFlood } from './fema-flood.ts';
import { kingCountyAssessor } from './king-county-assessor.ts';
import type { Provider } from './provider.ts';

/** Every provider by its name: a new source is one file and one line here. */
export const PROVIDERS = {
  'census-geocoder': censusGeocoder,
  'census-acs': censusAcs,
  'fema-flood': femaFlood,
  'king-county-assessor': kingCountyAssessor,
  'cook-county-assessor': cookCountyAssessor,
} as const satisfies Record<string, Provider>;

export type ProviderName = keyof typeof PROVIDERS;
export const PROVIDER_NAMES = Object.keys(PROVIDERS) as ProviderName[];

/** The public address of each provider; settings may replace any of them. */
export const DEFAULT_BASE_URLS = Object.fromEntries(
  Object.values(PROVIDERS).map(({ name, defaultBaseUrl }) => [name, defaultBaseUrl]),
) as Readonly<Record<ProviderName, string>>;
