import { drawContributionChart } from './charts/contribution-chart.ts';
import { drawScoreDial } from './charts/score-dial.ts';
import { drawValueChart } from './charts/value-chart.ts';
import { type ComparablesPart, comparablesPart } from './comparables-part.ts';
import { featureRows, locationRows, ownerRows } from './facts.ts';
import { cleanText, formatDay, formatNumber, formatPercent, isNumber } from './format.ts';
import {
  type BrandPart,
  brandPart,
  disclaimerLines,
  type HeaderPart,
  headerPart,
  mailAddress,
  webAddress,
} from './header-part.ts';
import type { MemoInput } from './input.ts';
import { metricRows } from './metrics-part.ts';
import { comparisonSentences, marginRows, marginShare, referenceCents, referenceLabel } from './price.ts';
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
import type { MemoRow } from './sourced.ts';
import { type SourceRow, simulatedSources, sourceRows } from './sources-part.ts';
import { type TrendPart, trendPart } from './trend-part.ts';

export type { MemoInput } from './input.ts';

/** Two lines side by side; the last right one is null when their number is odd. */
export interface MemoPair {
  left: MemoRow;
  right: MemoRow | null;
}

/** Everything the memo prints, already in words: no number, no null where a text is. SVG strings are ours and safe to print as they are. */
export interface MemoModel {
  titles: Readonly<Record<MemoSectionKey, string>>;
  documentTitle: string;
  tenantName: string;
  brand: BrandPart;
  generatedOn: string;
  /** What the foot of each page names. */
  footer: string;
  header: HeaderPart;
  score: ScoreTone & { value: string; summary: string; figures: ScoreFigure[]; dial: string };
  /** A sentence shown above the memo when any value is made up; null otherwise. */
  simulatedNotice: string | null;
  metrics: MemoRow[];
  highlights: { strengths: MemoReason[]; cautions: MemoReason[]; hasStrengths: boolean; hasCautions: boolean };
  financials: MemoRow[];
  financialPairs: MemoPair[];
  location: MemoRow[];
  locationPairs: MemoPair[];
  trend: TrendPart;
  opportunity: { sentences: string[]; chart: string | null; margins: MemoRow[] };
  features: MemoRow[];
  featurePairs: MemoPair[];
  description: string | null;
  owner: MemoRow[];
  ownerPairs: MemoPair[];
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
  const brand = brandPart(input);
  const header = headerPart(input);
  const address = header.address ?? 'a property without address';
  const tone = scoreTone(score.birdDogScore);
  const financials = financialRows(input.financials);
  const location = locationRows(property, county);
  const features = featureRows(property);
  const owner = ownerRows(property, input.generatedAt);
  const sources = sourceRows(property);
  return {
    titles: MEMO_SECTION_TITLES,
    documentTitle: `${MEMO_SECTION_TITLES.header}: ${address}`,
    tenantName: brand.name,
    brand,
    generatedOn: formatDay(input.generatedAt) ?? 'a day not recorded',
    footer: footerLine([brand.name, address, header.place]),
    header,
    score: {
      ...tone,
      ...scoreSummary(input),
      figures: scoreFigures(score),
      dial: drawScoreDial(score.birdDogScore, tone.word),
    },
    simulatedNotice: simulatedNotice(input, simulated),
    metrics: metricRows(input),
    highlights: {
      ...reasons,
      hasStrengths: reasons.strengths.length > 0,
      hasCautions: reasons.cautions.length > 0,
    },
    financials,
    financialPairs: pairs(financials),
    location,
    locationPairs: pairs(location),
    trend: trendPart(input),
    opportunity: { sentences: comparisonSentences(input), chart: valueChart(input), margins: marginRows(input) },
    features,
    featurePairs: pairs(features),
    description: cleanText(property.publicRemarks, 1_400),
    owner,
    ownerPairs: pairs(owner),
    comparables: comparablesPart(input),
    insights: { chart: contributionChart(input), rows: insightRows(input) },
    sources,
    hasSources: sources.length > 0,
    action: {
      text: cleanText(tenant.callToAction.text, 400) ?? `Talk to ${brand.name} about this property.`,
      email: mailAddress(tenant.callToAction.email),
      url: webAddress(tenant.callToAction.url),
    },
    disclaimer: disclaimerLines(input, brand.name),
  };
}

function pairs(rows: readonly MemoRow[]): MemoPair[] {
  return rows.flatMap((left, index) => (index % 2 === 0 ? [{ left, right: rows[index + 1] ?? null }] : []));
}

/** Width of the foot beside the page's number, in ems of its letters. */
const FOOT_EMS = 54;

/** Name, address and place in one line that fits beside the page's number. A foot cannot be clipped: it is cut here. */
function footerLine(parts: ReadonlyArray<string>): string {
  const texts = parts.flatMap((part) => cleanText(part, 60) ?? []);
  let ems = 0;
  const letters = [...texts.join(' \u00b7 ')];
  const room = letters.findIndex((letter) => {
    ems += emsOf(letter);
    return ems > FOOT_EMS;
  });
  return room < 0
    ? letters.join('')
    : `${letters
        .slice(0, room - 1)
        .join('')
        .trimEnd()}\u2026`;
}

/** About how wide a letter is: the memo's own font for Latin, a whole em for anything else. */
function emsOf(letter: string): number {
  if (!/[\u0020-\u024f\u2010-\u2026]/.test(letter)) return 1.35;
  return /[WMm@%\u0152\u00c6]/.test(letter) ? 1 : /\p{Lu}/u.test(letter) ? 0.76 : 0.62;
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
  return 'This memo holds values from an offline simulator, each marked \u201csimulated\u201d: no facts about the property.';
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
