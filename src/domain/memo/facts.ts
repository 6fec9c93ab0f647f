import type { Property, PropertyField } from '../property.ts';
import { cleanText, formatCents, formatDay, formatNumber, formatPercent, isNumber } from './format.ts';
import type { MemoCounty } from './input.ts';
import { derivedRow, fieldRow, type MemoRow, unknownRow } from './sourced.ts';

const FLOOD_WORDS = {
  low: 'Low',
  moderate: 'Moderate',
  high: 'High',
  very_high: 'Very high',
  undetermined: 'Undetermined',
} as const;

const CONDITION_WORDS = ['Poor', 'Fair', 'Average', 'Good', 'Very good'];

const withUnit = (text: string | null, unit: string) => (text === null ? null : `${text} ${unit}`);

/** An area in square feet with square metres beside it (`1,840 sq ft · 171 m²`). Null when unknown. */
export function formatArea(sqft: number | null): string | null {
  const feet = formatNumber(sqft);
  return feet === null || !isNumber(sqft) ? null : `${feet} sq ft \u00b7 ${formatNumber(sqft * 0.09290304)} m\u00b2`;
}

/** The street line, with its unit; the parcel number when no street is known; null when neither is. */
export function addressLine(property: Property): string | null {
  const street = streetLine(property);
  if (street !== null) return street;
  const apn = cleanText(property.apn, 40);
  return apn === null ? null : `Parcel ${apn}`;
}

/** The street line, with its unit. Null when no street is known. */
export function streetLine(property: Property): string | null {
  const street = cleanText(property.address, 120);
  const unit = cleanText(property.unit, 30);
  return street === null || unit === null ? street : `${street}, ${unit}`;
}

/** City, state and ZIP code in one line; the county stands in for a city that is not known. */
export function placeLine(property: Property, county: MemoCounty): string {
  const state = cleanText(property.state, 20) ?? cleanText(county.state, 20);
  const area = cleanText(property.city, 60) ?? cleanText(county.name, 60);
  const stateAndZip = [state, cleanText(property.zipCode, 12)].filter((part) => part !== null).join(' ');
  return [area, stateAndZip === '' ? null : stateAndZip].filter((part) => part !== null).join(', ');
}

/** The description of the house, row by row. */
export function featureRows(property: Property): MemoRow[] {
  const row = (field: PropertyField, label: string, value: string | null) => fieldRow(property, field, label, value);
  const condition = isNumber(property.condition) ? CONDITION_WORDS[Math.round(property.condition) - 1] : undefined;
  return [
    row(
      'propertySubType',
      'Property type',
      cleanText(property.propertySubType, 60) ?? cleanText(property.propertyType, 60),
    ),
    row('sqft', 'Living area', formatArea(property.sqft)),
    row('lotSizeSqft', 'Lot', formatArea(property.lotSizeSqft)),
    row('bedrooms', 'Bedrooms', formatNumber(property.bedrooms, 1)),
    row('bathrooms', 'Bathrooms', formatNumber(property.bathrooms, 2)),
    row('stories', 'Floors', formatNumber(property.stories, 1)),
    row('yearBuilt', 'Year built', yearText(property.yearBuilt)),
    row('yearRenovated', 'Last renovated', yearText(property.yearRenovated)),
    row(
      'condition',
      'Condition',
      isNumber(property.condition) ? `${condition ?? 'Rated'} (${formatNumber(property.condition, 1)} of 5)` : null,
    ),
    row('grade', 'Construction grade', withUnit(formatNumber(property.grade, 1), 'of 13')),
    row('waterfront', 'Waterfront', property.waterfront === null ? null : property.waterfront ? 'Yes' : 'No'),
    row('apn', 'Parcel number (APN)', cleanText(property.apn, 40)),
  ];
}

/** Where it is and who lives around it, row by row. */
export function locationRows(property: Property, county: MemoCounty): MemoRow[] {
  const row = (field: PropertyField, label: string, value: string | null) => fieldRow(property, field, label, value);
  const zone = cleanText(property.floodZone, 20);
  const risk = property.floodRisk === null ? null : FLOOD_WORDS[property.floodRisk];
  return [
    row('population', 'Population of the area', formatNumber(property.population)),
    row('medianIncomeCents', 'Median household income', withUnit(formatCents(property.medianIncomeCents), 'a year')),
    row('medianHomeValueCents', 'Median home value', formatCents(property.medianHomeValueCents)),
    row('medianRentCents', 'Median rent', withUnit(formatCents(property.medianRentCents), 'a month')),
    row('ownerOccupiedShare', 'Homes lived in by their owner', formatPercent(property.ownerOccupiedShare, 0)),
    row('floodRisk', 'Flood risk', zone === null ? risk : `${risk ?? 'Not rated'} (zone ${zone})`),
    row('censusTract', 'Census tract', cleanText(property.censusTract, 20)),
    countyRow(county),
  ];
}

function countyRow(county: MemoCounty): MemoRow {
  const label = `Median price in ${cleanText(county.name, 40) ?? 'the county'}`;
  const value = formatCents(county.medianPriceCents);
  if (value === null) return unknownRow(label, 'the county\u2019s configuration names none');
  const year = isNumber(county.medianPriceYear) ? `, ${county.medianPriceYear}` : '';
  const source = `${cleanText(county.medianPriceSource, 60) ?? 'county configuration'}${year}`;
  return { label, value, known: true, source, simulated: false };
}

/** What the public record says about the owner and about past sales and taxes. */
export function ownerRows(property: Property, generatedAt: string): MemoRow[] {
  const row = (field: PropertyField, label: string, value: string | null) => fieldRow(property, field, label, value);
  const taxYear = yearText(property.taxYear);
  const tax = formatCents(property.taxAnnualCents);
  return [
    row('ownerName', 'Name', cleanText(property.ownerName, 120)),
    derivedRow(
      property,
      ['lastSaleDate'],
      'Time since the last sale',
      yearsSince(property.lastSaleDate, generatedAt),
      'computed from the date of the last sale',
      'no sale is recorded',
    ),
    row('lastSalePriceCents', 'Last sale (closed, no asking price)', formatCents(property.lastSalePriceCents)),
    row('lastSaleDate', 'Date of the last sale', formatDay(property.lastSaleDate)),
    row('assessedValueCents', 'Assessed value', formatCents(property.assessedValueCents)),
    row(
      'taxAnnualCents',
      'Property tax',
      tax === null ? null : `${tax} a year${taxYear === null ? '' : ` (${taxYear})`}`,
    ),
  ];
}

/** A calendar year as text; null for 0, fractions and anything no house has. */
export function yearText(year: number | null): string | null {
  return isNumber(year) && Number.isInteger(year) && year >= 1600 && year <= 2200 ? String(year) : null;
}

function yearsSince(date: string | null, now: string): string | null {
  if (formatDay(date) === null || formatDay(now) === null) return null;
  const years = (Date.parse(now) - Date.parse(String(date))) / (365.25 * 86_400_000);
  if (years < 0) return null;
  return years < 1 ? 'less than a year' : `${formatNumber(years, 1)} years`;
}
