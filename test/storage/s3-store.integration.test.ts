import { type ChildProcess, spawn } from 'node:child_process';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { choosePort } from '../../src/runtime/ports.ts';
import { createS3Store, type S3Store } from '../../src/storage/s3-store.ts';

/** Settings of a running server (its bucket is made when missing); without them a `versitygw` on PATH is started. */
const given = process.env['S3_TEST_ENDPOINT'];
const accessKeyId = process.env['S3_TEST_ACCESS_KEY_ID'] ?? 'test-access-key';
const secretAccessKey = process.env['S3_TEST_SECRET_ACCESS_KEY'] ?? 'test-secret-key-of-some-length';
const bucket = process.env['S3_TEST_BUCKET'] ?? 'reos-test';

async function findOnPath(name: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

/** Makes the test's bucket; one that is there already is as good. */
async function makeBucket(client: S3Client): Promise<void> {
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof Error) || !/BucketAlready/.test(error.name)) throw error;
  }
}

const gateway = given === undefined ? await findOnPath('versitygw') : null;
const isAbsent = given === undefined && gateway === null;
const title = isAbsent
  ? 'S3 store (skipped: no S3 server; put versitygw on PATH or set S3_TEST_ENDPOINT)'
  : `S3 store on ${given ?? 'versitygw'}`;

describe.skipIf(isAbsent)(title, () => {
  let directory: string;
  let child: ChildProcess | undefined;
  let endpoint: string;
  let store: S3Store;
  const options = () => ({ bucket, region: 'us-east-1', endpoint, accessKeyId, secretAccessKey });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 's3-'));
    endpoint = given ?? `http://127.0.0.1:${await choosePort(0)}`;
    if (gateway !== null) {
      const { host: port } = new URL(endpoint);
      child = spawn(
        gateway,
        ['--access', accessKeyId, '--secret', secretAccessKey, '--port', port, 'posix', directory],
        {
          stdio: 'ignore',
        },
      );
    }
    const client = new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
      maxAttempts: 1,
    });
    await vi.waitFor(() => makeBucket(client), { timeout: 15_000, interval: 200 });
    client.destroy();
    store = createS3Store(options());
  });

  afterAll(async () => {
    store?.close();
    if (child !== undefined) {
      const ended = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    await rm(directory, { recursive: true, force: true });
  });

  it('gives back what was put, and null for what was not', async () => {
    expect(await store.get('tenants/a/memos/none.pdf')).toBeNull();
    expect(await store.has('tenants/a/memos/none.pdf')).toBe(false);
    const bytes = Buffer.from([37, 80, 68, 70, 0, 255]);
    await store.put('tenants/a/memos/b.pdf', bytes, 'application/pdf');
    await store.put('tenants/a/memos/b.pdf', bytes, 'application/pdf');
    expect(await store.get('tenants/a/memos/b.pdf')).toEqual(bytes);
    expect(await store.has('tenants/a/memos/b.pdf')).toBe(true);
    await expect(store.put('../b', bytes, 'application/pdf')).rejects.toMatchObject({ code: 'validation' });
  });

  it('signs addresses that anyone may get, until they expire or are changed', async () => {
    await store.put('tenants/a/memos/c.pdf', Buffer.from('memo'), 'application/pdf');
    const url = await store.signedUrl('tenants/a/memos/c.pdf', { expiresSeconds: 1, fileName: 'My memo.pdf' });
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'application/pdf',
      'memo',
    ]);
    expect(answer.headers.get('content-disposition')).toBe('inline; filename="My memo.pdf"');
    expect((await fetch(url.replace('c.pdf', 'b.pdf'))).status).toBe(403);
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect((await fetch(url)).status).toBe(403);
  });

  it('tells wrong credentials, a missing bucket and a silent server apart', async () => {
    const expectations = [
      [{ ...options(), secretAccessKey: 'wrong' }, 'auth_revoked'],
      [{ ...options(), bucket: 'no-such-bucket' }, 'not_found'],
      [{ ...options(), endpoint: `http://127.0.0.1:${await choosePort(0)}` }, 'transient'],
    ] as const;
    for (const [settings, code] of expectations) {
      const wrong = createS3Store(settings);
      await expect(wrong.get('a')).rejects.toMatchObject({ code });
      await expect(wrong.put('a', Buffer.from('x'), 'text/plain')).rejects.toMatchObject({ code });
      wrong.close();
    }
  });
});
