import { drawContributionChart } from './charts/contribution-chart.ts';
import { drawHousePicture } from './charts/house-picture.ts';
import { drawValueChart } from './charts/value-chart.ts';
import { type ComparablesPart, comparablesPart } from './comparables-part.ts';
import { addressLine, featureRows, formatArea, locationRows, ownerRows, placeLine, yearText } from './facts.ts';
import { cleanText, formatCents, formatDay, formatNumber, formatPercent, isNumber, NOT_KNOWN } from './format.ts';
import type { MemoInput } from './input.ts';
import {
  comparisonSentences,
  estimateRow,
  marginShare,
  referenceCents,
  referenceLabel,
  referenceRow,
} from './price.ts';
import {
  financialRows,
  insightRows,
  type MemoReason,
  type ScoreFigure,
  type ScoreTone,
  scoreFigures,
  scoreTone,
  splitReasons,
} from './score-parts.ts';
import { MEMO_SECTION_TITLES, type MemoSectionKey } from './sections.ts';
import { derivedRow, fieldRow, type MemoRow } from './sourced.ts';
import { type SourceRow, simulatedSources, sourceRows } from './sources-part.ts';

export type { MemoInput } from './input.ts';

/** Everything the memo prints, already in words: no number, no null. SVG strings are ours and safe to print as they are. */
export interface MemoModel {
  titles: Readonly<Record<MemoSectionKey, string>>;
  documentTitle: string;
  tenantName: string;
  generatedOn: string;
  header: { address: string; place: string; facts: string; image: string | null; picture: string };
  score: ScoreTone & { value: string; summary: string; figures: ScoreFigure[] };
  /** A sentence shown above the memo when any value is made up; null otherwise. */
  simulatedNotice: string | null;
  metrics: MemoRow[];
  highlights: { strengths: MemoReason[]; cautions: MemoReason[]; hasStrengths: boolean; hasCautions: boolean };
  financials: MemoRow[];
  location: MemoRow[];
  opportunity: { sentences: string[]; chart: string | null };
  features: MemoRow[];
  description: string | null;
  owner: MemoRow[];
  comparables: ComparablesPart;
  insights: { chart: string | null; rows: MemoRow[] };
  sources: SourceRow[];
  hasSources: boolean;
  action: { text: string; email: string | null; url: string | null };
  disclaimer: string[];
}

/**
 * Puts all that is known about a property into the words of the memo. Pure: the same input gives the same model.
 * What is not known reads `Not known` with its reason; what a simulator made up carries its marker.
 */
export function buildMemoModel(input: MemoInput): MemoModel {
  const { property, county, score, tenant } = input;
  const simulated = simulatedSources(property);
  const reasons = splitReasons(score, simulated);
  const tenantName = cleanText(tenant.name, 80) ?? 'Your team';
  const address = addressLine(property);
  const generatedOn = formatDay(input.generatedAt) ?? 'a day not recorded';
  return {
    titles: MEMO_SECTION_TITLES,
    documentTitle: `${MEMO_SECTION_TITLES.header}: ${address}`,
    tenantName,
    generatedOn,
    header: {
      address,
      place: placeLine(property, county),
      facts: headerFacts(input),
      image: input.images.find(isPicture) ?? null,
      picture: drawHousePicture(),
    },
    score: { ...scoreTone(score.birdDogScore), ...scoreSummary(input), figures: scoreFigures(score) },
    simulatedNotice: simulatedNotice(input, simulated),
    metrics: metricRows(input),
    highlights: {
      ...reasons,
      hasStrengths: reasons.strengths.length > 0,
      hasCautions: reasons.cautions.length > 0,
    },
    financials: financialRows(input.financials),
    location: locationRows(property, county),
    opportunity: { sentences: comparisonSentences(input), chart: valueChart(input) },
    features: featureRows(property),
    description: cleanText(property.publicRemarks, 1_400),
    owner: ownerRows(property, input.generatedAt),
    comparables: comparablesPart(input),
    insights: { chart: contributionChart(input), rows: insightRows(input) },
    sources: sourceRows(property),
    hasSources: sourceRows(property).length > 0,
    action: {
      text: cleanText(tenant.callToAction.text, 400) ?? `Talk to ${tenantName} about this property.`,
      email: mailAddress(tenant.callToAction.email),
      url: webAddress(tenant.callToAction.url),
    },
    disclaimer: disclaimer(tenantName, generatedOn),
  };
}

function headerFacts({ property, county }: MemoInput): string {
  const kind = cleanText(property.propertySubType, 60) ?? cleanText(property.propertyType, 60);
  const countyName = cleanText(county.name, 60);
  const apn = cleanText(property.apn, 40);
  return [kind, countyName, apn === null ? null : `APN ${apn}`].filter((part) => part !== null).join(' \u00b7 ');
}

function scoreSummary(input: MemoInput): { value: string; summary: string } {
  const { score } = input;
  const value = formatNumber(score.birdDogScore);
  if (value === null) return { value: '\u2013', summary: 'This property has not been scored.' };
  const confidence = formatPercent(score.confidence, 0);
  const margin = marginShare(score);
  const price = referenceLabel(score).toLowerCase();
  const sureness = confidence === null ? '' : `, at ${confidence} confidence`;
  if (margin === null) return { value, summary: `Scored ${value} of 100${sureness}.` };
  const side = margin >= 0 ? 'above' : 'below';
  const share = formatPercent(Math.abs(margin)) ?? '0%';
  return { value, summary: `Scored ${value} of 100${sureness}. Our estimate lies ${share} ${side} the ${price}.` };
}

function simulatedNotice({ financials }: MemoInput, simulated: ReadonlySet<string>): string | null {
  if (simulated.size === 0 && !financials.some((metric) => metric.simulated === true)) return null;
  return 'This memo holds values from an offline simulator, each marked \u201csimulated\u201d. They show how the memo looks and are no facts about the property.';
}

function metricRows(input: MemoInput): MemoRow[] {
  const { property, score } = input;
  const reference = referenceCents(score);
  const perFoot = isNumber(property.sqft) && property.sqft > 0 && reference !== null ? reference / property.sqft : null;
  const margin = marginShare(score);
  const priceName = referenceLabel(score).toLowerCase();
  return [
    referenceRow(input),
    estimateRow(input),
    derivedRow(
      property,
      [],
      'Estimate against price',
      margin === null ? null : `${margin < 0 ? '\u2212' : '+'}${formatPercent(Math.abs(margin))}`,
      `estimate compared with the ${priceName}`,
      'estimate or price is missing',
    ),
    derivedRow(
      property,
      ['sqft'],
      'Price per sq ft',
      formatCents(perFoot),
      `${priceName} by living area`,
      'price or area is missing',
    ),
    fieldRow(property, 'sqft', 'Living area', formatArea(property.sqft)),
    fieldRow(property, 'lotSizeSqft', 'Lot', formatArea(property.lotSizeSqft)),
    derivedRow(
      property,
      ['bedrooms', 'bathrooms'],
      'Beds and baths',
      bedsAndBaths(input),
      bedsSource(input),
      'no source has given them',
    ),
    fieldRow(property, 'yearBuilt', 'Year built', yearText(property.yearBuilt)),
  ];
}

function bedsAndBaths({ property }: MemoInput): string | null {
  const beds = formatNumber(property.bedrooms, 1);
  const baths = formatNumber(property.bathrooms, 2);
  if (beds === null && baths === null) return null;
  return `${beds ?? '?'} bd \u00b7 ${baths ?? '?'} ba`;
}

function bedsSource({ property }: MemoInput): string {
  const field = property.bedrooms === null ? 'bathrooms' : 'bedrooms';
  return fieldRow(property, field, '', 'known').source;
}

function valueChart({ score }: MemoInput): string | null {
  return drawValueChart({
    estimateCents: score.estimatedValueCents,
    lowCents: score.valueLowCents,
    highCents: score.valueHighCents,
    referenceCents: referenceCents(score),
    referenceLabel: referenceLabel(score),
  });
}

function contributionChart({ score }: MemoInput): string | null {
  const rows = score.components.flatMap(({ name, contribution }) =>
    isNumber(contribution) ? [{ name: componentName(name), points: contribution }] : [],
  );
  return drawContributionChart(rows);
}

function componentName(name: string): string {
  const words = cleanText(name.replaceAll(/[_-]+/g, ' '), 60) ?? 'unnamed part';
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Only a picture that is in the address itself: the page asks nobody for anything. */
function isPicture(address: string): boolean {
  return /^data:image\/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/]+={0,2}$/.test(address);
}

function webAddress(address: string | undefined): string | null {
  const clean = cleanText(address, 500);
  if (clean === null || !/^https?:\/\//i.test(clean) || !URL.canParse(clean)) return null;
  return new URL(clean).href;
}

function mailAddress(address: string | undefined): string | null {
  const clean = cleanText(address, 254);
  return clean !== null && /^[^\s@<>?&]+@[^\s@<>?&]+$/.test(clean) ? clean : null;
}

function disclaimer(tenantName: string, generatedOn: string): string[] {
  return [
    `Prepared by ${tenantName} on ${generatedOn} from public records, listings and the sources named above. \u201c${NOT_KNOWN}\u201d: no source gave it.`,
    'The score and the estimated value are computed and are no appraisal, no offer and no advice on investment, law or tax. Records may be late, incomplete or wrong: inspect the property, check title, taxes, zoning and insurance, and ask a licensed professional before you decide.',
    'Past prices promise nothing. Equal housing opportunity: nothing here ranks people or may be used to treat them differently.',
  ];
}
