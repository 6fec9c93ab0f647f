import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalStore } from '../../src/storage/local-store.ts';
import type { ObjectStore } from '../../src/storage/object-store.ts';
import { verifySignedPath } from '../../src/storage/signing.ts';

const signer = { secret: 'x'.repeat(32) };
let directory: string;
let store: ObjectStore;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'a store '));
  store = createLocalStore({ directory: join(directory, 'objects'), publicUrl: 'http://127.0.0.1:8080', signer });
});
afterEach(async () => {
  await chmod(directory, 0o700);
  await rm(directory, { recursive: true, force: true });
});

describe('local store', () => {
  it('gives back what was put, and null for what was not', async () => {
    expect(await store.get('tenants/a/memos/b.pdf')).toBeNull();
    expect(await store.has('tenants/a/memos/b.pdf')).toBe(false);
    await store.put('tenants/a/memos/b.pdf', Buffer.from([0, 1, 255]), 'application/pdf');
    expect(await store.get('tenants/a/memos/b.pdf')).toEqual(Buffer.from([0, 1, 255]));
    expect(await store.has('tenants/a/memos/b.pdf')).toBe(true);
    expect(await store.has('tenants/a/memos')).toBe(false);
    expect(await store.get('tenants/a/memos')).toBeNull();
    expect(await store.get('tenants/a/memos/b.pdf/c')).toBeNull();
  });

  it('shows one whole version while many write the same key, and leaves no half file', async () => {
    const version = (letter: string) => Buffer.alloc(200_000, letter);
    const reads: Array<Buffer | null> = [];
    await store.put('k', version('a'), 'text/plain');
    await Promise.all(
      ['b', 'c', 'd', 'e'].flatMap((letter) => [
        store.put('k', version(letter), 'text/plain'),
        store.get('k').then((bytes) => reads.push(bytes)),
      ]),
    );
    for (const bytes of reads) expect([bytes?.length, new Set(bytes).size]).toEqual([200_000, 1]);
    expect(await readdir(join(directory, 'objects'))).toEqual(['k']);
  });

  it('refuses keys that leave the directory, for every door', async () => {
    await writeFile(join(directory, 'secret'), 'secret');
    for (const key of ['../secret', 'a/../../secret', '/etc/passwd', '.hidden', 'a\\..\\b', '']) {
      for (const attempt of [
        () => store.put(key, Buffer.from('x'), 'text/plain'),
        () => store.get(key),
        () => store.has(key),
        () => store.signedUrl(key),
      ]) {
        await expect(attempt(), key).rejects.toMatchObject({ code: 'validation' });
      }
    }
  });

  it('says which file could not be written and removes what it had begun', async () => {
    await store.put('tenants', Buffer.from('a file where a folder should be'), 'text/plain');
    await expect(store.put('tenants/a.pdf', Buffer.from('x'), 'application/pdf')).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('a.pdf'),
    });
    expect(await readdir(join(directory, 'objects'))).toEqual(['tenants']);
  });

  it('signs addresses that the API can check', async () => {
    const url = await store.signedUrl('tenants/a/memos/b.pdf', { expiresSeconds: 60, contentType: 'application/pdf' });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:8080\/files\/tenants\/a\/memos\/b\.pdf\?/);
    expect(verifySignedPath(signer, url)).toMatchObject({
      ok: true,
      key: 'tenants/a/memos/b.pdf',
      contentType: 'application/pdf',
    });
  });
});
