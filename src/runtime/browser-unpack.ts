import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureFolder, type ReosHome } from './home.ts';
import type { OnProgress } from './ladder.ts';
import { acquireLock } from './lock-file.ts';
import { lastWords, runCommand } from './run-command.ts';

/** A browser from the npm package, with the libraries and fonts that came along. */
export type UnpackedBrowser = { executablePath: string; libraryFolder: string; env: Record<string, string> };

type ChromiumPackage = { entry: string; version: string };

/** The npm package that carries a Chromium, when it is installed and made for this machine; else null. */
export function locateChromiumPackage(): ChromiumPackage | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
    // entry is build/cjs/index.cjs of the package.
    const root = dirname(dirname(dirname(entry)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { entry: join(root, 'build', 'esm', 'index.js'), version };
  } catch {
    // An optional dependency: not being installed is one of the answers.
    return null;
  }
}

/** The folder in which this home keeps the unpacked browser. */
export function unpackedFolder(home: ReosHome, found: ChromiumPackage): string {
  return join(home.cache, `chromium-${found.version}`);
}

/** True when nothing needs unpacking any more. */
export function isUnpacked(home: ReosHome): boolean {
  const found = locateChromiumPackage();
  return found !== null && existsSync(join(unpackedFolder(home, found), 'chromium'));
}

/**
 * Unpacks the browser into the home once (about 3 s, 220 MB). Two processes at once wait for one another.
 * @throws Error with the reason when the package is absent or does not unpack
 */
export async function unpackBrowser(home: ReosHome, onProgress?: OnProgress): Promise<UnpackedBrowser> {
  const found = locateChromiumPackage();
  if (!found) throw new Error('@sparticuz/chromium is not installed, or not made for this platform (Linux x64 only)');
  const folder = unpackedFolder(home, found);
  if (!existsSync(join(folder, 'chromium'))) {
    ensureFolder(home, home.cache);
    const release = await acquireLock(`${folder}.lock`, { what: 'Unpacking the browser', waitMs: 120_000 });
    try {
      if (!existsSync(join(folder, 'chromium'))) await unpack(found, folder, onProgress);
    } finally {
      release();
    }
  }
  const fontsFile = writeFontSettings(folder);
  const executablePath = join(folder, 'chromium');
  return { executablePath, libraryFolder: join(folder, 'al2023', 'lib'), env: { FONTCONFIG_FILE: fontsFile } };
}

/**
 * The package always unpacks into the system's temporary folder, and its Amazon libraries only where it believes to
 * be on Lambda: so it does its work in a process of its own, with both set to our purpose.
 */
async function unpack(found: ChromiumPackage, folder: string, onProgress?: OnProgress): Promise<void> {
  onProgress?.(`Unpacking Chromium ${found.version} into ${folder}`);
  const partial = `${folder}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true, mode: 0o755 });
  const script = `const { default: chromium } = await import(${JSON.stringify(pathToFileURL(found.entry).href)}); await chromium.executablePath();`;
  const result = await runCommand(process.execPath, ['--input-type=module', '-e', script], {
    cwd: partial,
    env: { PATH: '/usr/bin:/bin', HOME: partial, TMPDIR: partial, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
    timeoutMs: 120_000,
  });
  if (result.code !== 0 || !existsSync(join(partial, 'chromium'))) {
    rmSync(partial, { recursive: true, force: true });
    throw new Error(`@sparticuz/chromium does not unpack: ${lastWords(result)}`);
  }
  takeOwnership(partial);
  rmSync(folder, { recursive: true, force: true });
  renameSync(partial, folder);
}

/** Unpacked by root, the files would keep the owners of the archive: users of this machine who never made them. */
function takeOwnership(folder: string): void {
  if (process.getuid?.() !== 0) return;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) chownSync(join(folder, entry), 0, 0);
}

/** The system's fonts plus the Open Sans of the package, so that text renders on a machine without any font. */
function writeFontSettings(folder: string): string {
  const path = join(folder, 'fonts.conf');
  const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${escapeXml(join(folder, 'fonts'))}</dir>
  <cachedir>${escapeXml(join(folder, 'font-cache'))}</cachedir>
</fontconfig>
`;
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  return path;
}
