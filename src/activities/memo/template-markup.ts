import type { TemplateProblem } from './template-fields.ts';
import { lineAt } from './template-fields.ts';

/** Longer than any template of a four-page memo. */
const MOST_CHARACTERS = 200_000;

/** What a template may not hold. The browser would refuse to act on it as well; here its author learns of it. */
const FORBIDDEN_MARKUP: ReadonlyArray<readonly [RegExp, string]> = [
  [/<\s*mj-include\b/gi, '<mj-include> reads other files; put the text in its place'],
  [/<\s*(?:script|noscript)\b/gi, '<script> never runs in a memo; remove it'],
  [
    /<\s*(?:iframe|frame|frameset|object|embed|applet|portal|link|meta|base|form|input|button|textarea|video|audio|source|track|foreignObject|animate|set|template|slot)\b/gi,
    'this element loads, moves or replaces something; remove it',
  ],
  [/\son[a-z]+\s*=/gi, 'event attributes never run in a memo; remove it'],
  [/(?:java|vb)script\s*:/gi, 'script addresses are not allowed; use https: or mailto:'],
  [/\bfile\s*:/gi, 'file: addresses are not allowed'],
  [
    /\b(?:srcset|poster|srcdoc|http-equiv|formaction|ping|background)\s*=/gi,
    'this attribute loads something; remove it',
  ],
  [
    /\b(?:src|background-url)\s*=\s*["']?(?!["']?(?:data:image\/(?:png|jpeg|gif|webp);base64,|\{\{))/gi,
    'a memo asks no server for pictures; embed it as data:image/…;base64,… or use {{header.image}} or {{brand.logo}}',
  ],
  [
    /<\s*(?:image|use|feImage|mpath|textPath)\b[^>]*\bhref\s*=\s*["']?(?!#)/gi,
    'drawings may refer to their own parts alone (href="#…")',
  ],
];

const FORBIDDEN_STYLE: ReadonlyArray<readonly [RegExp, string]> = [
  [/<\s*\/\s*style|<!--|-->/gi, 'styles cannot end the style element'],
  [/@import\b|@namespace\b/gi, '@import reads other files; put the rules in its place'],
  [/url\(\s*["']?\s*(?!data:|#)/gi, 'a memo asks no server for anything; embed it as url(data:…)'],
  [/\b(?:image-set|-webkit-image-set|cross-fade|src)\s*\(/gi, 'a memo asks no server for anything'],
];

/** Fields whose value is checked to be an address, and may therefore stand in `src` and `href`. */
const ADDRESS_FIELDS = new Set([
  'header.image',
  'brand.logo',
  'brand.email',
  'brand.website',
  'action.email',
  'action.url',
  '.',
]);

/** What is wrong with the markup of a template: anything that runs, loads or reads something from elsewhere. */
export function checkMarkup(mjml: string): TemplateProblem[] {
  const styles = [...mjml.matchAll(/<\s*(?:mj-style|style)\b[^>]*>([\s\S]*?)(?=<\s*\/|$)/gi)];
  return [
    ...sizeProblem(mjml, 'template'),
    ...matches(mjml, FORBIDDEN_MARKUP),
    ...styles.flatMap((match) => {
      const from = (match.index ?? 0) + match[0].length - (match[1]?.length ?? 0);
      return matches(unescapeStyles(match[1] ?? ''), FORBIDDEN_STYLE, (position) => lineAt(mjml, from + position));
    }),
    ...[...mjml.matchAll(/\bstyle\s*=\s*("[^"]*"|'[^']*')/gi)].flatMap((match) =>
      matches(unescapeStyles(match[1] ?? ''), FORBIDDEN_STYLE, () => lineAt(mjml, match.index)),
    ),
    ...addressProblems(mjml),
  ];
}

/** What is wrong with a style sheet. Each text says on which of its lines. */
export function checkStyles(css: string): TemplateProblem[] {
  const found = [...sizeProblem(css, 'style sheet'), ...matches(unescapeStyles(css), FORBIDDEN_STYLE)];
  return found.map(({ line, text }) => ({
    line: null,
    text: line === null ? text : `style sheet, line ${line}: ${text}`,
  }));
}

/** Styles with their escaped letters (`\\75 rl` for `url`) as a browser reads them. */
function unescapeStyles(css: string): string {
  return css.replace(/\\([0-9a-f]{1,6})[ \t]?/gi, (all, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : all;
  });
}

function sizeProblem(text: string, what: string): TemplateProblem[] {
  if (text.length <= MOST_CHARACTERS) return [];
  return [{ line: null, text: `the ${what} has ${text.length} characters, at most ${MOST_CHARACTERS} are allowed` }];
}

function matches(
  text: string,
  rules: ReadonlyArray<readonly [RegExp, string]>,
  line: (position: number) => number = (position) => lineAt(text, position),
): TemplateProblem[] {
  return rules.flatMap(([pattern, why]) =>
    [...text.matchAll(pattern)]
      .slice(0, 3)
      .map((match) => ({ line: line(match.index), text: `\u201c${match[0].trim().slice(0, 40)}\u201d: ${why}` })),
  );
}

/** Text from listings must not become an address: only fields that hold checked addresses may. */
function addressProblems(mjml: string): TemplateProblem[] {
  return [...mjml.matchAll(/\b(?:src|href)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi)].flatMap((match) =>
    [...(match[1] ?? '').matchAll(/\{\{[{&]?\s*([^}\s]+)\s*\}?\}\}/g)].flatMap(([, field = '']) =>
      ADDRESS_FIELDS.has(field)
        ? []
        : [{ line: lineAt(mjml, match.index), text: `{{${field}}} is no address, and cannot stand in src or href` }],
    ),
  );
}
