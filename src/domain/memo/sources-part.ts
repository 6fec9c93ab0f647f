import { type FieldSource, PROPERTY_FIELDS, type Property } from '../property.ts';
import { formatDay, formatPercent, NOT_KNOWN } from './format.ts';
import { sourceName } from './sourced.ts';

/** One source of the memo: how many fields it gave, when last, how sure it is of them. */
export interface SourceRow {
  name: string;
  fields: string;
  latest: string;
  confidence: string;
  simulated: boolean;
}

/** The sources of the fields that the property has, the one that gave most first. */
export function sourceRows(property: Property): SourceRow[] {
  const groups = new Map<string, FieldSource[]>();
  for (const field of PROPERTY_FIELDS) {
    const source = property.fieldSources[field];
    if (source === undefined || property[field] === null) continue;
    const key = `${source.simulated ? 1 : 0} ${sourceName(source.source)}`;
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  return [...groups.values()]
    .toSorted((a, b) => b.length - a.length)
    .map((sources) => ({
      name: sourceName(sources[0]?.source),
      fields: sources.length === 1 ? '1 field' : `${sources.length} fields`,
      latest: latestDay(sources),
      confidence: confidenceText(sources),
      simulated: sources[0]?.simulated === true,
    }));
}

function latestDay(sources: readonly FieldSource[]): string {
  const last = sources
    .map((source) => source.fetchedAt)
    .toSorted()
    .at(-1);
  return formatDay(last) ?? NOT_KNOWN;
}

function confidenceText(sources: readonly FieldSource[]): string {
  const known = sources.map((source) => source.confidence).filter(Number.isFinite);
  if (known.length === 0) return NOT_KNOWN;
  const low = formatPercent(Math.min(...known), 0) ?? NOT_KNOWN;
  const high = formatPercent(Math.max(...known), 0) ?? NOT_KNOWN;
  return low === high ? low : `${low} to ${high}`;
}

/** Names of the sources whose values an offline simulator made up. */
export function simulatedSources(property: Property): Set<string> {
  const names = Object.values(property.fieldSources)
    .filter((source) => source.simulated)
    .map((source) => source.source);
  return new Set(names);
}
