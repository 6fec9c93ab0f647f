const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Written where text was cut off. Three plain points: a text message would cost twice as much with one `…`. */
const CUT = '...';

/**
 * Text from outside as one line that stays in its place: without line breaks, control characters, half characters,
 * direction overrides and isolates (they reorder what stands around them), invisible spaces, and piles of accents.
 * Right-to-left letters and emoji stay. Cut between whole characters when longer than `maxLength` UTF-16 units.
 */
export function oneLine(text: string, maxLength: number): string {
  // Enough to fill the line whatever is removed; 10,000 characters cost no more than these.
  const clean = text
    .slice(0, maxLength * 8)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .replace(/[\p{Cs}\u00AD\u200B\u2060\u202A-\u202E\u2066-\u2069\uFEFF\uFFF9-\uFFFB\uFFFE\uFFFF]/gu, '')
    // After what stood between a letter and its accent is gone.
    .normalize('NFC')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .replace(/ {2,}/g, ' ')
    .trim();
  if (clean.length <= maxLength) return clean;
  let kept = '';
  for (const { segment } of GRAPHEMES.segment(clean.slice(0, maxLength * 2))) {
    if (kept.length + segment.length > maxLength - CUT.length) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${CUT}`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '{': '&#123;',
  '}': '&#125;',
};

/**
 * Text for HTML, inside an element or a quoted attribute. Braces are escaped too, because printers fill `{{…}}` in
 * what they are given; `/` and `=` stay, because some programs that pick links out of mail do not undo them.
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'{}]/g, (character) => ENTITIES[character] ?? '');
}
