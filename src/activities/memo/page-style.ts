import type { MemoModel } from '../../domain/memo/model.ts';

/**
 * The part of the style sheet that depends on the memo: colours of score and brand as variables, and the foot of each
 * page with property and page number. A template's own styles come after it and may change all of it.
 */
export function pageStyle({ score, brand, footer }: MemoModel): string {
  const { accent, ink, on, pale } = brand.colours;
  const font = 'font: 7.5pt Inter, "Open Sans", sans-serif; color: #5b6675; vertical-align: top; padding-top: 3mm;';
  return `:root { --tone: ${score.color}; --tone-pale: ${score.pale}; --accent: ${accent}; --accent-ink: ${ink}; --accent-on: ${on}; --accent-pale: ${pale}; }
@page {
  size: A4;
  margin: 12mm 14mm 15mm;
  @bottom-left { content: ${cssString(footer)}; width: 80%; white-space: nowrap; overflow: hidden; text-align: left; ${font} }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); width: 20%; white-space: nowrap; text-align: right; ${font} }
}`;
}

/** Text as a CSS string in which nothing can end the string, the rule or the style element. */
export function cssString(text: string): string {
  const safe = [...text].map((char) =>
    /[A-Za-z0-9 ,.]/.test(char) ? char : `\\${(char.codePointAt(0) ?? 0x20).toString(16)} `,
  );
  return `"${safe.join('')}"`;
}
