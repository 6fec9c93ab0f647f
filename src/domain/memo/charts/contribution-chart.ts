import { formatPoints, isNumber } from '../format.ts';
import { at, chart, label, shorten } from './svg.ts';

const WIDTH = 690;
const NAME_WIDTH = 190;
const VALUE_WIDTH = 56;
const ROW = 16;
const TOP = 4;

/** One bar: what it stands for and how many points it adds (or takes). */
export interface Contribution {
  name: string;
  points: number;
}

/**
 * Bars of what each part adds to the score, largest effect first, at most 12. Bars to the left lower the score.
 * @returns an SVG, or null when no part has a contribution
 */
export function drawContributionChart(contributions: readonly Contribution[]): string | null {
  const rows = contributions
    .filter((row) => isNumber(row.points))
    .toSorted((a, b) => Math.abs(b.points) - Math.abs(a.points) || a.name.localeCompare(b.name, 'en'))
    .slice(0, 12);
  if (rows.length === 0) return null;
  const most = Math.max(0, ...rows.map((row) => row.points));
  const least = Math.min(0, ...rows.map((row) => row.points));
  const from = NAME_WIDTH + (least < 0 ? VALUE_WIDTH : 6);
  const to = WIDTH - VALUE_WIDTH;
  const span = most - least || 1;
  const x = (points: number) => from + ((points - least) / span) * (to - from);
  const height = TOP * 2 + rows.length * ROW;
  const zero = `<line x1="${at(x(0))}" y1="${TOP}" x2="${at(x(0))}" y2="${height - TOP}" class="c-axis"/>`;
  const description = `Points that each part adds to the score: ${rows.map((row) => `${row.name} ${formatPoints(row.points)}`).join(', ')}.`;
  return chart(WIDTH, height, { title: 'What makes the score', description }, [
    ...rows.flatMap((row, index) => bar(row, index, x)),
    zero,
  ]);
}

function bar(row: Contribution, index: number, x: (points: number) => number): string[] {
  const y = TOP + index * ROW;
  const start = Math.min(x(0), x(row.points));
  const width = Math.max(1, Math.abs(x(row.points) - x(0)));
  const isNegative = row.points < 0;
  const band = `<rect x="0" y="${y}" width="${WIDTH}" height="${ROW}" class="c-band"/>`;
  return [
    ...(index % 2 === 0 ? [band] : []),
    label(8, y + 12, shorten(row.name, 32)),
    `<rect x="${at(start)}" y="${y + 4}" width="${at(width)}" height="${ROW - 7}" rx="2" class="${isNegative ? 'c-minus' : 'c-plus'}"/>`,
    label(isNegative ? start - 6 : start + width + 6, y + 12, formatPoints(row.points), {
      anchor: isNegative ? 'end' : 'start',
      className: 'c-value',
    }),
  ];
}
