import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadDropPrefix } from '../../../src/activities/market/load-drop-store.ts';
import { choosePort } from '../../../src/runtime/ports.ts';
import { createS3Drop, type S3Drop } from '../../../src/storage/s3-drop.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

/** A running server's, else that of a `versitygw` on PATH. */
const given = process.env['S3_TEST_ENDPOINT'];
const accessKeyId = process.env['S3_TEST_ACCESS_KEY_ID'] ?? 'test-access-key';
const secretAccessKey = process.env['S3_TEST_SECRET_ACCESS_KEY'] ?? 'test-secret-key-of-some-length';
const bucket = 'reos-drop-test';
const gateway = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'versitygw'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
const isAbsent = given === undefined && gateway === undefined;

describe.skipIf(isAbsent)(
  isAbsent
    ? 'files dropped in a bucket (skipped: no S3 server; put versitygw on PATH or set S3_TEST_ENDPOINT)'
    : 'files dropped in a bucket',
  () => {
    let database: TestDatabase;
    let directory: string;
    let child: ChildProcess | undefined;
    let client: S3Client;
    let drop: S3Drop;

    beforeAll(async () => {
      database = await createTestDatabase();
      directory = await mkdtemp(join(tmpdir(), 's3-drop-'));
      const endpoint = given ?? `http://127.0.0.1:${await choosePort(0)}`;
      if (given === undefined && gateway !== undefined) {
        const options = ['--access', accessKeyId, '--secret', secretAccessKey, '--port', new URL(endpoint).host];
        child = spawn(gateway, [...options, 'posix', directory], { stdio: 'ignore' });
      }
      const access = { endpoint, region: 'us-east-1', forcePathStyle: true };
      client = new S3Client({ ...access, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
      await vi.waitFor(
        async () => {
          await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
            if (!/BucketAlready/.test(error.name)) throw error;
          });
        },
        { timeout: 15_000, interval: 200 },
      );
      drop = createS3Drop({ ...access, bucket, accessKeyId, secretAccessKey });
    });
    afterAll(async () => {
      drop?.close();
      client?.destroy();
      if (child !== undefined) {
        const ended = new Promise((resolve) => child?.once('exit', resolve));
        child.kill('SIGTERM');
        await ended;
      }
      await rm(directory, { recursive: true, force: true });
      await database?.close();
    });

    const put = (key: string, text: string) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text }));
    const load = (later = 60_000) =>
      loadDropPrefix(
        { db: database.db, clock: () => new Date(Date.now() + later) },
        database.tenantId,
        { ...drop, prefix: 'market/' },
        'test',
      );

    it('are loaded once, and moved aside; a refused one with its reason', async () => {
      await put(
        'market/test/resales.csv',
        'home_ref,market,close_date,resale_price\nh 1,"Boise, ID",2026-03-01,410000\n',
      );
      await put('market/test/nonsense & more.csv', 'a,b\n1,2\n');
      await put('market/other/resales.csv', 'home_ref,market,close_date,resale_price\nh 2,"Boise, ID",2026-03-01,1\n');
      expect(await load(0)).toEqual({ loaded: 0, failed: 0, waiting: 2 });
      expect(await load()).toEqual({ loaded: 1, failed: 1, waiting: 0 });
      expect(await database.query(`select home_ref, resale_price from raw.resales`)).toEqual([
        { home_ref: 'h 1', resale_price: 410_000 },
      ]);
      expect(await drop.list('market/test/')).toEqual([]);
      expect(await drop.list('market/test/done/')).toMatchObject([
        { key: expect.stringMatching(/T\d{6}-resales\.csv$/) },
      ]);
      const refused = (await drop.list('market/test/failed/')).map(({ key }) => key);
      expect(refused).toEqual([
        expect.stringMatching(/-nonsense & more\.csv$/),
        expect.stringMatching(/-nonsense & more\.csv\.reason\.txt$/),
      ]);
      expect(await load()).toEqual({ loaded: 0, failed: 0, waiting: 0 });
    });

    it('stay where they are when the bucket does not answer', async () => {
      const away = createS3Drop({
        bucket,
        region: 'us-east-1',
        endpoint: 'http://127.0.0.1:9',
        accessKeyId,
        secretAccessKey,
      });
      await expect(away.list('market/')).rejects.toMatchObject({ code: 'transient' });
      away.close();
    });
  },
);
