/** An answer that is no page: a wall, a challenge, or a page that is gone. */
export interface Wall {
  /** `gone` is final for this page only; `wall` and `challenge` mean the site does not want us. */
  kind: 'gone' | 'wall' | 'challenge';
  reason: string;
}

/** Marks that challenge pages carry, by the one who serves them. Looked for in small pages and in heads only. */
const MARKS: ReadonlyArray<readonly [RegExp, string]> = [
  [/_pxAppId|px-captcha|perimeterx|captcha\.px-cloud/i, 'PerimeterX challenge'],
  [/awswaf|AwsWafIntegration|gokuProps/i, 'AWS WAF challenge'],
  [
    /cf-chl-|challenge-platform|cf_chl_opt|<title>\s*(just a moment|attention required! \| cloudflare)/i,
    'Cloudflare challenge',
  ],
  [/_Incapsula_Resource|incapsula incident/i, 'Imperva challenge'],
  [/geo\.captcha-delivery\.com|datadome/i, 'DataDome challenge'],
  [
    /<title>\s*(access denied|pardon our interruption|are you a human|robot check|access to this page has been denied)/i,
    'access denied page',
  ],
  [
    /(verify|confirm|prove) (that )?you(&#39;|&rsquo;|'|’)?( a|')?re (not a robot|human)|unusual traffic from your/i,
    'robot check',
  ],
  [/g-recaptcha|h-captcha|hcaptcha\.com\/1\/api/i, 'captcha'],
];

/** Real pages carry login captchas and bot sensors too; only a page without substance is judged by its marks. */
const THIN_PAGE_CHARS = 3000;

/**
 * Says whether an answer is a page at all. A 202, a 403, a 429 with a challenge, and a 200 whose whole content is a
 * challenge are walls, never empty successes; 404 and 410 are `gone`.
 * @param markers further marks of this site, from its recipe
 * @returns null for a page
 */
export function findWall(status: number, html: string, markers: readonly string[] = []): Wall | null {
  if (status === 404 || status === 410) return { kind: 'gone', reason: `HTTP ${status}: the page is gone` };
  const own = markers.find((marker) => html.includes(marker));
  if (own !== undefined) return { kind: 'challenge', reason: `HTTP ${status}: the page shows "${own}"` };
  const mark = MARKS.find(([pattern]) => pattern.test(html));
  const thin = visibleLength(html) < THIN_PAGE_CHARS;
  if (mark !== undefined && (thin || status !== 200)) {
    return { kind: 'challenge', reason: `HTTP ${status}: ${mark[1]}` };
  }
  if (status === 401 || status === 403 || status === 451)
    return { kind: 'wall', reason: `HTTP ${status}: access refused` };
  if (status === 202) return { kind: 'challenge', reason: 'HTTP 202: no page was served' };
  return null;
}

/** Characters a reader would see, roughly: tags, scripts and styles left out. */
function visibleLength(html: string): number {
  return html
    .replace(/<(script|style|noscript|template)\b[\s\S]*?(<\/\1>|$)/gi, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ').length;
}
