import type { EnrichmentField } from '../../domain/provenance.ts';
import type { EnrichmentSubject, Provider } from './provider.ts';

/** What is known when a round is planned. */
export interface PlanInput {
  subject: EnrichmentSubject;
  /** Fields without a value: see missingFields. */
  missing: readonly EnrichmentField[];
  providers: readonly Provider[];
  /** Providers already asked in this run (whatever they answered), or whose stored answer is still fresh. */
  done: ReadonlySet<string>;
  /** Providers whose answer for this subject lies in the shared cache: free and at once. */
  cached?: ReadonlySet<string>;
  /** False while a provider's circuit breaker is open. Default: all are healthy. */
  isHealthy?: (provider: string) => boolean;
  /** Asked for paid calls only. Default: nothing paid is allowed. */
  mayPay?: (provider: string, costMicros: number) => { allow: boolean; reason: string };
}

/** One call to make. */
export interface PlannedCall {
  provider: Provider;
  /** The missing fields it is called for. */
  forFields: EnrichmentField[];
  /** Price of one request in 1e-6 USD; 0 when free or cached. */
  costMicros: number;
  cached: boolean;
}

/** A provider that could help and is not called, with the reason for the job's record. */
export interface SkippedProvider {
  provider: string;
  reason: string;
}

export interface Round {
  /** In the order in which they are to be made; those of one round do not depend on each other. */
  calls: PlannedCall[];
  skipped: SkippedProvider[];
}

/**
 * Plans the next round: the cheapest provider that can fill each missing field, free before paid, so a field is asked of
 * one provider at a time and the next one is the fallback of a later round. A provider waits while another in reach
 * can still bring what it works better with (the geocoder's tract before the ACS). Call it again after each round with the
 * new facts and the larger `done`, until `calls` is empty.
 */
export function nextRound(input: PlanInput): Round {
  const skipped: SkippedProvider[] = [];
  const able = input.providers
    .filter((provider) => !input.done.has(provider.name) && helps(provider, input).length > 0)
    .filter((provider) => provider.coverage(input.subject))
    .filter((provider) => isAllowed(provider, input, skipped))
    .sort(
      (a, b) =>
        costOf(a, input) - costOf(b, input) ||
        helps(b, input).length - helps(a, input).length ||
        (a.name < b.name ? -1 : 1),
    );
  const calls: PlannedCall[] = [];
  const expected = new Set<EnrichmentField>();
  for (const provider of able) {
    const forFields = helps(provider, input).filter((field) => !expected.has(field));
    if (forFields.length === 0 || waits(provider, able, input)) continue;
    for (const field of provider.fields) expected.add(field);
    const cached = input.cached?.has(provider.name) ?? false;
    calls.push({ provider, forFields, costMicros: costOf(provider, input), cached });
  }
  return { calls, skipped };
}

function helps(provider: Provider, { missing }: PlanInput): EnrichmentField[] {
  return provider.fields.filter((field) => missing.includes(field));
}

function costOf(provider: Provider, { cached }: PlanInput): number {
  return cached?.has(provider.name) === true ? 0 : provider.costMicros;
}

function isAllowed(provider: Provider, input: PlanInput, skipped: SkippedProvider[]): boolean {
  const cost = costOf(provider, input);
  if (input.cached?.has(provider.name) === true) return true;
  if (input.isHealthy?.(provider.name) === false) {
    skipped.push({ provider: provider.name, reason: 'it failed repeatedly and is left alone for a while' });
    return false;
  }
  if (cost === 0) return true;
  const { allow, reason } = input.mayPay?.(provider.name, cost) ?? { allow: false, reason: 'no budget is set' };
  if (!allow) skipped.push({ provider: provider.name, reason });
  return allow;
}

/**
 * True when a field that the provider waits for is missing and a provider in reach brings it. Of two that wait for each
 * other, the one asked first in the sorted order goes: it does not wait for providers that wait for it.
 */
function waits(provider: Provider, able: readonly Provider[], input: PlanInput): boolean {
  const wanted = provider.waitsFor.filter((field) => input.missing.includes(field));
  return able.some(
    (other) =>
      other !== provider &&
      costOf(other, input) <= costOf(provider, input) &&
      other.fields.some((field) => wanted.includes(field)) &&
      !other.waitsFor.some((field) => input.missing.includes(field) && provider.fields.includes(field)),
  );
}

/** The subject after new facts came in, for the next round. */
export function updateSubject(
  subject: EnrichmentSubject,
  facts: {
    apn?: string | null;
    address?: string | null;
    city?: string | null;
    state?: string | null;
    zipCode?: string | null;
    latitude?: number | null;
    longitude?: number | null;
    censusTract?: string | null;
  },
): EnrichmentSubject {
  return {
    ...subject,
    apn: subject.apn ?? facts.apn ?? null,
    address: facts.address ?? subject.address,
    city: facts.city ?? subject.city,
    state: facts.state ?? subject.state,
    zip: facts.zipCode ?? subject.zip,
    latitude: facts.latitude ?? subject.latitude,
    longitude: facts.longitude ?? subject.longitude,
    censusTract: facts.censusTract ?? subject.censusTract ?? null,
  };
}
