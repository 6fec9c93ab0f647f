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

/** One line of text in a chart. `anchor` as in SVG; `style` adds attributes of our own. */
export function label(
  x: number,
  y: number,
  text: string,
  options: { anchor?: 'start' | 'middle' | 'end'; className?: string } = {},
): string {
  const className = options.className ?? 'c-label';
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${options.anchor ?? 'start'}" class="${className}">${escapeXml(text)}</text>`;
}

/** The chart around its shapes. `description` is what a screen reader says in its place. */
export function chart(width: number, height: number, description: string, shapes: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${escapeXml(description)}" viewBox="0 0 ${at(width)} ${at(height)}" width="${at(width)}" height="${at(height)}">${shapes.join('')}</svg>`;
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
