import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, isExecutable } from './run-command.ts';

const namesOnPath = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'chrome-headless-shell',
  'headless_shell',
  'microsoft-edge',
];

const placesByPlatform: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    '/usr/lib/chromium/chromium',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
    '/opt/microsoft/msedge/msedge',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

/** Browsers that the system has: on PATH first, then in the usual places. Not proven to run. */
export function systemBrowsers(env: NodeJS.ProcessEnv, places = placesByPlatform[process.platform] ?? []): string[] {
  const onPath = namesOnPath.map((name) => findOnPath([name], env)).filter((path) => path !== null);
  return [...new Set([...onPath, ...places.filter(isExecutable)])];
}

/** Where puppeteer keeps its browsers. */
export function puppeteerCacheFolder(env: NodeJS.ProcessEnv): string {
  return env['PUPPETEER_CACHE_DIR'] ?? join(env['HOME'] ?? homedir(), '.cache', 'puppeteer');
}

/**
 * Browsers in a folder laid out as puppeteer does (`chrome/linux-147.0.1/chrome-linux64/chrome`), newest first, the
 * small headless shell before the full browser.
 */
export function browsersInPuppeteerFolder(folder: string): string[] {
  const inside = 'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing';
  const found: string[] = [];
  for (const browser of ['chrome-headless-shell', 'chrome']) {
    for (const build of list(join(folder, browser)).sort(byVersion)) {
      for (const archive of list(join(folder, browser, build))) {
        for (const name of [browser, `${browser}.exe`, inside]) {
          const path = join(folder, browser, build, archive, name);
          if (isExecutable(path)) found.push(path);
        }
      }
    }
  }
  return found;
}

function byVersion(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
