import type { PropertyFacts } from '../property.ts';
import { extraIsAllowed } from './protected-columns.ts';
import { VALUATION_FACTS, type ValuationFacts, type ValuationSubject } from './sale-record.ts';

/** A house as it is stored: the property's own columns and what its newest record adds. */
export interface StoredHouse {
  propertyId: string;
  facts: Pick<PropertyFacts, Exclude<keyof ValuationFacts, 'subdivision'> | 'apn'>;
  subdivision: string | null;
  extras: Readonly<Record<string, string>>;
  described: Readonly<Record<string, string | number | boolean>>;
  /** Fields whose value an offline simulator made up. */
  simulated: ReadonlySet<string>;
}

/**
 * What a valuation may look at of a stored house. A simulated value is no fact about the house and counts as unknown;
 * columns that no model may learn from are left out.
 */
export function subjectOf(house: StoredHouse): ValuationSubject {
  const facts: Partial<Record<keyof ValuationFacts, unknown>> = {};
  for (const field of VALUATION_FACTS) {
    if (field === 'subdivision') facts.subdivision = house.subdivision;
    else facts[field] = house.simulated.has(field) ? null : (house.facts[field] ?? null);
  }
  const extras: Record<string, string | number> = {};
  for (const [name, value] of [...Object.entries(house.described), ...Object.entries(house.extras)]) {
    if (value === '' || !isAllowed(name)) continue;
    extras[name] = typeof value === 'boolean' ? String(value) : value;
  }
  return { parcel: house.facts.apn ?? house.propertyId, facts: facts as unknown as ValuationFacts, extras };
}

/** The verdict on a name is the same for every house. */
const verdicts = new Map<string, boolean>();

function isAllowed(name: string): boolean {
  const known = verdicts.get(name);
  if (known !== undefined) return known;
  const { allowed } = extraIsAllowed(name);
  if (verdicts.size < 10_000) verdicts.set(name, allowed);
  return allowed;
}
