import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Larger files are not shown. */
const MOST_BYTES = 1024 * 1024;
const SEND_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** One file of a message in the local outbox. */
export interface OutboxFile {
  name: string;
  bytes: number;
  /** Null when it is too large to be shown. */
  text: string | null;
}

/**
 * The files of a message in the tenant's folder of the local outbox; empty when there are none.
 * @param folder `<home>/outbox/<tenant>`; it need not exist
 */
export async function readOutboxFiles(folder: string, sendId: string): Promise<OutboxFile[]> {
  if (!SEND_ID.test(sendId)) return [];
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const own = names.filter((name) => name.includes(sendId) && !name.endsWith('.part')).sort();
  return Promise.all(
    own.map(async (name) => {
      const { size } = await stat(join(folder, name));
      const text = size > MOST_BYTES ? null : await readFile(join(folder, name), 'utf8');
      return { name, bytes: size, text };
    }),
  );
}
