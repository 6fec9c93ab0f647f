import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import puppeteer, { type LaunchOptions } from 'puppeteer';
import { messageOf } from '../domain/errors.ts';
import { browsersInPuppeteerFolder, puppeteerCacheFolder, systemBrowsers } from './browser-candidates.ts';
import { isUnpacked, locateChromiumPackage, unpackBrowser } from './browser-unpack.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import { Absent, climb, type OnProgress, type Rung } from './ladder.ts';
import { lastWords, runCommand } from './run-command.ts';

/** A browser that was launched and answered. */
export type FoundBrowser = {
  executablePath: string;
  /** Everything but the headless switch, which puppeteer adds. */
  args: string[];
  /** Variables to set on top of the environment (fonts, libraries). */
  env: Record<string, string>;
  /** "Chrome/147.0.7727.0" */
  version: string;
  source: string;
};

/** Inputs of the browser ladder. `env` is read for PUPPETEER_EXECUTABLE_PATH, PUPPETEER_CACHE_DIR, PATH and HOME. */
export type BrowserOptions = { home: ReosHome; env: NodeJS.ProcessEnv; onProgress?: OnProgress };

const baseArgs = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/**
 * The first browser of the ladder that really launches.
 * @throws ReosError 'missing_part' with what was tried and why each failed
 */
export async function findBrowser(options: BrowserOptions): Promise<FoundBrowser> {
  return climb(
    'A browser (for PDFs and for pages that need JavaScript)',
    browserRungs(options),
    'install Chromium or Chrome, or set PUPPETEER_EXECUTABLE_PATH to one that runs.',
  );
}

/** What puppeteer.launch needs to start this browser. */
export function launchOptions(browser: Pick<FoundBrowser, 'executablePath' | 'args' | 'env'>, env: NodeJS.ProcessEnv) {
  const { executablePath, args } = browser;
  // "shell" makes puppeteer pass --headless, which full browsers and the headless shell both understand.
  return { executablePath, args, headless: 'shell', env: { ...env, ...browser.env } } satisfies LaunchOptions;
}

/** The ladder: PUPPETEER_EXECUTABLE_PATH, the system's, puppeteer's cache, the npm package, puppeteer's download. */
export function browserRungs(options: BrowserOptions, systemPlaces?: string[]): Rung<FoundBrowser>[] {
  const { home, env } = options;
  const downloads = join(home.cache, 'puppeteer');
  const given = env['PUPPETEER_EXECUTABLE_PATH'];
  return [
    {
      name: 'PUPPETEER_EXECUTABLE_PATH',
      find: () => firstThatLaunches(given ? [given] : [], env, 'PUPPETEER_EXECUTABLE_PATH', 'it is not set'),
    },
    {
      name: 'system Chromium or Chrome',
      find: () =>
        firstThatLaunches(systemBrowsers(env, systemPlaces), env, 'system', 'none on PATH or in the usual places'),
    },
    {
      name: "puppeteer's cache",
      find: () =>
        firstThatLaunches(
          [puppeteerCacheFolder(env), downloads].flatMap(browsersInPuppeteerFolder),
          env,
          'puppeteer cache',
          `none in ${puppeteerCacheFolder(env)}`,
        ),
    },
    {
      name: '@sparticuz/chromium',
      heavy: !isUnpacked(home),
      plan: () =>
        locateChromiumPackage() ? 'would be unpacked from @sparticuz/chromium at first use (3 s, once)' : null,
      find: () => fromPackage(options),
    },
    {
      name: "puppeteer's download",
      heavy: true,
      plan: () => 'would be downloaded by puppeteer at first use (needs internet access)',
      find: () => download(downloads, options),
    },
  ];
}

async function firstThatLaunches(paths: string[], env: NodeJS.ProcessEnv, source: string, whenNone: string) {
  const reasons: string[] = [];
  for (const path of paths) {
    try {
      return await prove(path, {}, env, source);
    } catch (error) {
      reasons.push(`${path}: ${messageOf(error)}`);
    }
  }
  throw reasons.length > 0 ? new Error(reasons.join('; ')) : new Absent(whenNone);
}

async function fromPackage({ home, env, onProgress }: BrowserOptions): Promise<FoundBrowser> {
  const unpacked = await unpackBrowser(home, onProgress);
  const { executablePath, libraryFolder } = unpacked;
  try {
    return await prove(executablePath, unpacked.env, env, '@sparticuz/chromium');
  } catch {
    // The system lacks libraries (libnss3 is the usual one): the package brings them.
    const libraries = [libraryFolder, env['LD_LIBRARY_PATH']].filter(Boolean).join(':');
    const withLibraries = { ...unpacked.env, LD_LIBRARY_PATH: libraries };
    return prove(executablePath, withLibraries, env, '@sparticuz/chromium');
  }
}

async function download(folder: string, { home, env, onProgress }: BrowserOptions): Promise<FoundBrowser> {
  onProgress?.(`Downloading a browser into ${folder}`);
  ensureFolder(home, home.cache);
  const cli = join(dirname(createRequire(import.meta.url).resolve('puppeteer')), 'node', 'cli.js');
  const args = [cli, 'browsers', 'install', 'chrome-headless-shell', '--path', folder];
  const result = await runCommand(process.execPath, args, { cwd: home.cache, env, timeoutMs: 5 * 60_000 });
  if (result.code !== 0) throw new Error(lastWords(result));
  return firstThatLaunches(browsersInPuppeteerFolder(folder), env, 'puppeteer download', 'it left no browser behind');
}

/**
 * Launches the browser and asks its version. Root never has a sandbox; others get one where the system allows it.
 * @throws Error with the browser's last words
 */
async function prove(
  executablePath: string,
  extraEnv: Record<string, string>,
  env: NodeJS.ProcessEnv,
  source: string,
): Promise<FoundBrowser> {
  // A program that cannot be executed would end this process with an error that nobody listens for.
  await access(executablePath, constants.X_OK);
  const asRoot = process.getuid?.() === 0;
  const attempts = asRoot ? [['--no-sandbox']] : [[], ['--no-sandbox']];
  let reason = '';
  for (const sandbox of attempts) {
    const found = { executablePath, args: [...baseArgs, ...sandbox], env: extraEnv };
    try {
      const browser = await puppeteer.launch({ ...launchOptions(found, env), timeout: 15_000 });
      const version = (await browser.version()).replace('Headless', '');
      await browser.close();
      return { ...found, version, source };
    } catch (error) {
      reason = messageOf(error).trim().split('\n').slice(0, 4).join(' | ').slice(0, 400);
    }
  }
  throw new Error(`it does not launch: ${reason}`);
}
