/** Text as XML: the charts are put into the page as they are, so nothing from outside may reach them unescaped. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
    .replaceAll('{', '&#123;')
    .replaceAll('}', '&#125;');
}

/** A coordinate with two decimals at most: short, and the same on every machine. */
export function at(value: number): string {
  return String(Math.round((Number.isFinite(value) ? value : 0) * 100) / 100);
}

/** One line of text in a chart. `anchor` as in SVG; `className` chooses its style. */
export function label(
  x: number,
  y: number,
  text: string,
  options: { anchor?: 'start' | 'middle' | 'end'; className?: string } = {},
): string {
  const className = options.className ?? 'c-label';
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${options.anchor ?? 'start'}" class="${className}">${escapeXml(text)}</text>`;
}

/**
 * A label on a plate of the ground's colour, for places where lines run behind the words. The plate is measured by the
 * number of letters: an outline around the text would turn its font into drawings.
 */
export function platedLabel(
  x: number,
  y: number,
  text: string,
  options: { anchor: 'start' | 'middle' | 'end'; className: string; size: number; plate?: string },
): string {
  const { anchor, className, size } = options;
  const width = text.length * size * 0.56 + 4;
  const left = anchor === 'start' ? x - 2 : anchor === 'end' ? x - width + 2 : x - width / 2;
  return `<rect x="${at(left)}" y="${at(y - size * 0.85)}" width="${at(width)}" height="${at(size * 1.15)}" rx="2" class="${options.plate ?? 'c-plate'}"/>${label(x, y, text, { anchor, className })}`;
}

/** What a chart is called, and what it says to somebody who does not see it. */
export interface ChartWords {
  title: string;
  description: string;
}

/** The chart around its shapes, with its words as title, description and the alternative text of the tagged PDF. */
export function chart(width: number, height: number, words: ChartWords, shapes: readonly string[]): string {
  const { title, description } = words;
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${escapeXml(`${title}. ${description}`)}" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}"><title>${escapeXml(title)}</title><desc>${escapeXml(description)}</desc>${shapes.join('')}</svg>`;
}

/** Shortens a label that would run out of its column (about `limit` characters wide). */
export function shorten(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text
        .slice(0, limit - 1)
        .replace(/\p{Cs}/gu, '')
        .trimEnd()}…`;
}

/** Keeps a number within bounds. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** The next 1, 2 or 5 times a power of ten that is not below `rough`: a step that an axis can count in. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-9)));
  const lead = rough / power;
  return (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10) * power;
}

/** Round values of an axis between two bounds, at most about `count` of them. */
export function axisTicks(from: number, to: number, count: number): number[] {
  const step = niceStep((to - from) / count);
  const ticks: number[] = [];
  for (let tick = Math.ceil(from / step) * step; tick <= to && ticks.length < 40; tick += step) ticks.push(tick);
  return ticks;
}
