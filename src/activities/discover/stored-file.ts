import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReosError } from '../../domain/errors.ts';
import type { ObjectStore } from '../../storage/object-store.ts';

/**
 * The selection with its uploaded file on this machine's disk; `remove` takes the copy away again. One that names no
 * uploaded file is answered as it is.
 * @throws ReosError `not_found` when the store has the file no more
 */
export async function onThisMachine<S extends { key?: string; path?: string }>(
  storage: Pick<ObjectStore, 'get'>,
  selection: S,
): Promise<{ selection: S; remove(): Promise<void> }> {
  if (selection.key === undefined) return { selection, remove: () => Promise.resolve() };
  const bytes = await storage.get(selection.key);
  if (bytes === null) {
    throw new ReosError(
      'not_found',
      `The uploaded file ${selection.key} is not in the store any more. Upload it again.`,
    );
  }
  const folder = await mkdtemp(join(tmpdir(), 'reos-import-'));
  const path = join(folder, 'upload');
  await writeFile(path, bytes, { mode: 0o600 });
  return { selection: { ...selection, path }, remove: () => rm(folder, { recursive: true, force: true }) };
}
