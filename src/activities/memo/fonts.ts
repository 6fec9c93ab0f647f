import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The memo's fonts as a style sheet of @font-face rules whose files are inside it (data: URIs). Empty: none found. */
export interface MemoFonts {
  css: string;
  /** Name of the family, or null when the browser's own fonts are used. */
  family: string | null;
}

const WEIGHTS = [400, 600, 700] as const;

/** The two subsets that names and addresses in the United States need, as the font's publisher cut them. */
const SUBSETS = {
  'latin-ext':
    'U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF',
  latin:
    'U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC, U+0304, U+0308, U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD',
} as const;

/**
 * Reads Inter from the @fontsource/inter package, so that the memo looks the same with every browser.
 * @returns rules without any file when the package is not installed: the browser's own sans-serif is embedded then
 */
export async function loadFonts(): Promise<MemoFonts> {
  const require = createRequire(import.meta.url);
  const faces = WEIGHTS.flatMap((weight) =>
    (['latin-ext', 'latin'] as const).map((subset) => fontFace(require, weight, subset)),
  );
  const rules = (await Promise.all(faces)).filter((rule) => rule !== null);
  return { css: rules.join('\n'), family: rules.length === 0 ? null : 'Inter' };
}

async function fontFace(
  require: NodeJS.Require,
  weight: (typeof WEIGHTS)[number],
  subset: keyof typeof SUBSETS,
): Promise<string | null> {
  let path: string;
  try {
    path = require.resolve(`@fontsource/inter/files/inter-${subset}-${weight}-normal.woff2`);
  } catch {
    return null;
  }
  const data = (await readFile(path)).toString('base64');
  return `@font-face{font-family:Inter;font-style:normal;font-weight:${weight};src:url(data:font/woff2;base64,${data}) format('woff2');unicode-range:${SUBSETS[subset]}}`;
}
