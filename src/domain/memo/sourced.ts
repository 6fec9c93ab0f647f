import type { FieldSource, Property, PropertyField } from '../property.ts';
import { cleanText, formatDay, NOT_KNOWN } from './format.ts';

/** One line of the memo: what it is, its value in words, where that came from. */
export interface MemoRow {
  label: string;
  /** The printed value, or `Not known`. */
  value: string;
  known: boolean;
  /** Source and date, or why the value is not known. */
  source: string;
  /** True when an offline simulator made the value up: a marker stands next to it. */
  simulated: boolean;
}

const ACRONYMS: Readonly<Record<string, string>> = {
  acs: 'ACS',
  apn: 'APN',
  arcgis: 'ArcGIS',
  attom: 'ATTOM',
  avm: 'AVM',
  csv: 'CSV',
  fema: 'FEMA',
  fsbo: 'FSBO',
  mls: 'MLS',
  nfhl: 'NFHL',
  reso: 'RESO',
  us: 'US',
};

/** A source's name for a reader: `census-acs` → `Census ACS`. */
export function sourceName(source: string | null | undefined): string {
  const words = (cleanText(source, 60) ?? '').split(/[-_:\s]+/).filter((word) => word !== '');
  if (words.length === 0) return 'Unnamed source';
  return words.map((word) => ACRONYMS[word.toLowerCase()] ?? word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

/** A field source in one line: name, then the day it gave the value. */
export function sourceLine(source: FieldSource): string {
  const day = formatDay(source.fetchedAt);
  return day === null ? sourceName(source.source) : `${sourceName(source.source)}, ${day}`;
}

/**
 * A line of a property field, with the field's own source.
 * @param value the printed value, null when the property does not have it
 */
export function fieldRow(property: Property, field: PropertyField, label: string, value: string | null): MemoRow {
  const source = property.fieldSources[field];
  if (value === null) return unknownRow(label, 'no source has given it');
  return {
    label,
    value,
    known: true,
    source: source === undefined ? 'source not recorded' : sourceLine(source),
    simulated: source?.simulated === true,
  };
}

/**
 * A line computed from several fields: it counts as simulated when any of them is.
 * @param why printed in place of the source while the value is not known
 */
export function derivedRow(
  property: Property,
  fields: readonly PropertyField[],
  label: string,
  value: string | null,
  basis: string,
  why = basis,
): MemoRow {
  if (value === null) return unknownRow(label, why);
  const simulated = fields.some(
    (field) => property[field] !== null && property.fieldSources[field]?.simulated === true,
  );
  return { label, value, known: true, source: basis, simulated };
}

/** A line whose value nobody knows, with the reason. */
export function unknownRow(label: string, why: string): MemoRow {
  return { label, value: NOT_KNOWN, known: false, source: why, simulated: false };
}
