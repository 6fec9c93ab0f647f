import robotsParser from 'robots-parser';
import { ReosError } from '../../domain/errors.ts';
import type { DiscoverDeps } from './source.ts';

/** The package's types describe an ES module, the package is CommonJS: the default import is the function itself. */
const parseRobots = robotsParser as unknown as (url: string, text: string) => RobotsFile;

interface RobotsFile {
  isAllowed(url: string, name: string): boolean | undefined;
  getMatchingLineNumber(url: string, name: string): number;
  getCrawlDelay(name: string): number | undefined;
}

/** What a site's robots.txt says to our name. */
export interface Robots {
  /** The rule that forbids the address ("Disallow: /private (line 3)"), or null when it may be fetched. */
  forbids(url: string): string | null;
  /** Seconds between requests the site asks for, or null. */
  crawlDelaySeconds: number | null;
}

/**
 * Fetches and reads a site's robots.txt (RFC 9309): none (4xx) allows all, an error of the server forbids all for now.
 * @throws ReosError `transient` when the server fails, so that nothing is fetched before its rules are known
 */
export async function fetchRobots(deps: Pick<DiscoverDeps, 'http' | 'userAgent'>, origin: string): Promise<Robots> {
  const url = new URL('/robots.txt', origin).href;
  const answer = await deps.http.fetch({ url, headers: { 'user-agent': deps.userAgent }, maxBytes: 512 * 1024 });
  if (answer.status >= 500 || answer.status === 429) {
    throw new ReosError(
      'transient',
      `${url} answered ${answer.status}; the site's rules are unknown, so nothing is fetched. It is tried again later.`,
      {
        details: { url, status: answer.status },
        retryAfterSeconds: retryAfterSeconds(answer.headers['retry-after'], new Date()),
      },
    );
  }
  return readRobots(url, answer.status === 200 ? answer.body.toString('utf8') : '', deps.userAgent);
}

/** Reads the text of a robots.txt for our name: the first word of the user agent, without its version. */
export function readRobots(url: string, text: string, userAgent: string): Robots {
  const name = userAgent.split(/[/\s]/)[0] ?? userAgent;
  const robot = parseRobots(url, text);
  const lines = text.split(/\r\n|\r|\n/);
  return {
    forbids(address) {
      if (robot.isAllowed(address, name) !== false) return null;
      const line = robot.getMatchingLineNumber(address, name);
      return `${lines[line - 1]?.trim() ?? 'Disallow'} (robots.txt line ${line})`;
    },
    crawlDelaySeconds: robot.getCrawlDelay(name) ?? null,
  };
}

/** Retry-After in seconds: a number, or a date relative to `now`; undefined when absent or unreadable. */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000));
}
