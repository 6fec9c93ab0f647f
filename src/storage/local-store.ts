import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { messageOf, ReosError } from '../domain/errors.ts';
import { checkKey, type ObjectStore } from './object-store.ts';
import { type Signer, signPath } from './signing.ts';

/** A directory as a store. `publicUrl` is the API's address, which serves `/files/…`. */
export interface LocalStoreOptions {
  directory: string;
  publicUrl: string;
  signer: Signer;
}

/**
 * Keeps objects as files below one directory. A file appears under its name only when all its bytes are on disk.
 * The content type is not kept: `signedUrl` carries it, or the reader goes by the key's ending.
 */
export function createLocalStore({ directory, publicUrl, signer }: LocalStoreOptions): ObjectStore {
  const root = resolve(directory);

  function pathOf(key: string): string {
    const path = resolve(root, ...checkKey(key).split('/'));
    if (path.startsWith(root + sep)) return path;
    throw new ReosError('validation', `The storage key ${JSON.stringify(key)} leads out of the store.`);
  }

  return {
    async put(key, bytes) {
      const path = pathOf(key);
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeThenRename(path, (temporary) => writeWhole(temporary, bytes));
      } catch (cause) {
        throw storeError(`The file ${path} cannot be written`, cause);
      }
    },
    async putFile(key, from) {
      const path = pathOf(key);
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeThenRename(path, (temporary) => copyWhole(from, temporary));
      } catch (cause) {
        throw storeError(`The file ${path} cannot be written`, cause);
      }
    },
    async remove(key) {
      const path = pathOf(key);
      try {
        await rm(path, { force: true });
      } catch (cause) {
        throw storeError(`The file ${path} cannot be removed`, cause);
      }
    },
    async get(key) {
      const path = pathOf(key);
      try {
        return await readFile(path);
      } catch (cause) {
        if (isAbsent(cause)) return null;
        throw storeError(`The file ${path} cannot be read`, cause);
      }
    },
    async has(key) {
      const path = pathOf(key);
      try {
        return (await stat(path)).isFile();
      } catch (cause) {
        if (isAbsent(cause)) return false;
        throw storeError(`The file ${path} cannot be looked up`, cause);
      }
    },
    async signedUrl(key, options) {
      return new URL(signPath(signer, key, options), publicUrl).href;
    },
  };
}

/**
 * Writes beside the file, waits until the disk has all of it, then takes its name: neither a crash nor a full disk
 * uncovers half a file.
 */
async function writeThenRename(path: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.part`);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function copyWhole(from: string, path: string): Promise<void> {
  await copyFile(from, path);
  const file = await open(path, 'r+');
  try {
    await file.chmod(0o640);
    await file.sync();
  } finally {
    await file.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error) ?? '');
}

function storeError(what: string, cause: unknown): ReosError {
  const isFull = ['ENOSPC', 'EDQUOT'].includes(codeOf(cause) ?? '');
  const advice = isFull
    ? 'Make room on the disk; it is tried again.'
    : 'Check that the directory exists and may be written; it is tried again.';
  return new ReosError('transient', `${what}: ${messageOf(cause)}. ${advice}`, { cause });
}
