import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalStore } from '../../src/storage/local-store.ts';

let folder: string;
const openStore = () =>
  createLocalStore({
    directory: join(folder, 'store'),
    publicUrl: 'http://localhost',
    signer: { secret: 'x'.repeat(32) },
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reos-put-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('putFile and remove', () => {
  it('keeps a copy of the file, replaces it, and removes it once and again', async () => {
    const store = openStore();
    const path = join(folder, 'upload');
    for (const content of ['first', 'second']) {
      await writeFile(path, content);
      await store.putFile('tenants/t/imports/one', path, 'text/csv');
      expect((await store.get('tenants/t/imports/one'))?.toString()).toBe(content);
    }
    await store.remove('tenants/t/imports/one');
    await store.remove('tenants/t/imports/one');
    expect(await store.get('tenants/t/imports/one')).toBeNull();
  });

  it('leaves nothing of a file that is not there, and no key leads out of the store', async () => {
    const store = openStore();
    await expect(store.putFile('tenants/t/imports/two', join(folder, 'none'), 'text/csv')).rejects.toMatchObject({
      code: 'transient',
    });
    expect(await readdir(join(folder, 'store', 'tenants', 't', 'imports'))).toEqual([]);
    await expect(store.remove('../other')).rejects.toMatchObject({ code: 'validation' });
  });
});
