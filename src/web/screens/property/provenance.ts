/** Where one value came from. Times in ISO 8601; `asOf` is the day it tells of, where that is not the day it was fetched. */
export interface Provenance {
  source: string;
  fetchedAt: string;
  asOf: string | null;
  simulated: boolean;
  /** 0–1, as the source rates itself; null when it does not. */
  confidence: number | null;
  costMicros: number;
}

/** An answer of a source, with every field that it gave. */
export interface SourceAnswer {
  provider: string;
  fetched_at: string;
  fields?: unknown;
  simulated: boolean;
}

/** Another value that a source gave for a field. */
export interface OtherValue {
  value: unknown;
  source: string;
  fetchedAt: string;
  simulated: boolean;
}

const DAY_MS = 86_400_000;

/** Provenance by field, from a property's `field_sources`. */
export function readProvenance(fieldSources: Readonly<Record<string, unknown>>): Map<string, Provenance> {
  const known = new Map<string, Provenance>();
  for (const [field, value] of Object.entries(fieldSources)) {
    if (typeof value !== 'object' || value === null) continue;
    const one = value as Record<string, unknown>;
    if (typeof one.source !== 'string' || typeof one.fetched_at !== 'string') continue;
    known.set(field, {
      source: one.source,
      fetchedAt: one.fetched_at,
      asOf: typeof one.as_of === 'string' ? one.as_of : null,
      simulated: one.simulated === true,
      confidence: typeof one.confidence === 'number' ? one.confidence : null,
      costMicros: typeof one.cost_micros === 'number' ? one.cost_micros : 0,
    });
  }
  return known;
}

/** How old a value is, from the day it tells of: `today`, `12 days old`, `5 months old`, `11 years old`. */
export function ageOf({ asOf, fetchedAt }: Pick<Provenance, 'asOf' | 'fetchedAt'>, now: number): string {
  const days = Math.floor((now - Date.parse(asOf ?? fetchedAt)) / DAY_MS);
  if (days < 1) return 'today';
  if (days < 60) return `${days} ${days === 1 ? 'day' : 'days'} old`;
  if (days < 730) return `${Math.floor(days / 30.44)} months old`;
  return `${Math.floor(days / 365.25)} years old`;
}

/** True from two years on: worth a second look before it is relied on. */
export function isOld({ asOf, fetchedAt }: Pick<Provenance, 'asOf' | 'fetchedAt'>, now: number): boolean {
  return now - Date.parse(asOf ?? fetchedAt) > 730 * DAY_MS;
}

/** The name that a source's field has in the API's answers, and its value in the unit it has there. */
export function outsideField(name: string, value: unknown): { field: string; value: unknown } {
  const field = name
    .replace(/Cents$/, '')
    .replace(/^taxAnnual$/, 'taxAnnualAmount')
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return { field, value: name.endsWith('Cents') && typeof value === 'number' ? value / 100 : value };
}

/** What other answers of sources said of each field, the newest first; the answer that is shown is left out. */
export function otherValues(
  answers: readonly SourceAnswer[],
  shown: ReadonlyMap<string, Provenance>,
): Map<string, OtherValue[]> {
  const others = new Map<string, OtherValue[]>();
  const newestFirst = [...answers].sort((a, b) => b.fetched_at.localeCompare(a.fetched_at));
  for (const answer of newestFirst) {
    if (typeof answer.fields !== 'object' || answer.fields === null) continue;
    for (const [name, raw] of Object.entries(answer.fields)) {
      const { field, value } = outsideField(name, raw);
      const present = shown.get(field);
      if (present?.source === answer.provider && present.fetchedAt === answer.fetched_at) continue;
      const told = others.get(field) ?? [];
      told.push({ value, source: answer.provider, fetchedAt: answer.fetched_at, simulated: answer.simulated });
      others.set(field, told);
    }
  }
  return others;
}

/** The source, with its day, that most of these came from; null when no half of them agree. */
export function commonProvenance(all: ReadonlyArray<Provenance | undefined>): Provenance | null {
  const known = all.filter((one) => one !== undefined);
  for (const one of known) {
    const alike = known.filter((other) => isSameOrigin(one, other)).length;
    if (alike > 1 && alike * 2 > known.length) return one;
  }
  return null;
}

/** Whether two values come from the same source, telling of the same day. */
export function isSameOrigin(a: Provenance, b: Provenance): boolean {
  const dayOf = ({ asOf, fetchedAt }: Provenance) => asOf ?? fetchedAt.slice(0, 10);
  return a.source === b.source && a.simulated === b.simulated && dayOf(a) === dayOf(b);
}
