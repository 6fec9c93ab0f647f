import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes a person's messages from the tenant's folder of the local outbox, with their lines in its index. Lines are
 * overwritten in place, so that one which is appended meanwhile is not lost.
 * @param folder `<home>/outbox/<tenant>`; it need not exist
 * @returns how many files were removed
 */
export async function eraseOutboxFiles(folder: string, sendIds: readonly string[]): Promise<number> {
  const ids = new Set(sendIds);
  const isTheirs = (name: string) => {
    const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(name)?.[0]?.toLowerCase();
    return id !== undefined && ids.has(id);
  };
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  const files = names.filter(isTheirs);
  for (const name of files) await rm(join(folder, name), { force: true });
  if (names.includes('index.jsonl')) await blankLines(join(folder, 'index.jsonl'), isTheirs);
  return files.length;
}

/** Puts `{"send_id":…,"erased":true}` and blanks over each line that names one of the messages. */
async function blankLines(path: string, isTheirs: (line: string) => boolean): Promise<void> {
  const content = await readFile(path);
  const file = await open(path, 'r+');
  try {
    for (let start = 0; start < content.length; ) {
      const end = content.indexOf(0x0a, start);
      const stop = end === -1 ? content.length : end;
      const line = content.subarray(start, stop).toString('utf8');
      if (isTheirs(line) && !line.includes('"erased":true')) {
        const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(line)?.[0];
        const stump = Buffer.alloc(stop - start, ' ');
        stump.write(JSON.stringify({ send_id: id, erased: true }));
        await file.write(stump, 0, stump.length, start);
      }
      start = stop + 1;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
