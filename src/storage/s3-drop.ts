import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { messageOf, ReosError } from '../domain/errors.ts';
import type { S3StoreOptions } from './s3-store.ts';

/** Objects below a prefix of a bucket, to be taken and moved away. */
export interface S3Drop {
  list(prefix: string): Promise<Array<{ key: string; changedAt: Date }>>;
  download(key: string, path: string): Promise<void>;
  move(key: string, to: string): Promise<void>;
  putText(key: string, text: string): Promise<void>;
  close(): void;
}

/** The objects of a bucket that somebody else puts there. Every failure is `transient`: the next round tries again. */
export function createS3Drop(options: S3StoreOptions): S3Drop {
  const { bucket: Bucket, region, endpoint, accessKeyId, secretAccessKey, timeoutMs = 60_000 } = options;
  const client = new S3Client({
    region,
    maxAttempts: 2,
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  });
  const trying = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw new ReosError('transient', `${what} in bucket ${Bucket}: ${messageOf(cause)}.`, { cause });
    }
  };
  return {
    list: (prefix) =>
      trying(`The objects below ${prefix} cannot be listed`, async () => {
        const found: Array<{ key: string; changedAt: Date }> = [];
        let ContinuationToken: string | undefined;
        do {
          const command = new ListObjectsV2Command({ Bucket, Prefix: prefix, Delimiter: '/', ContinuationToken });
          const { Contents = [], NextContinuationToken } = await client.send(command);
          for (const { Key: key, LastModified } of Contents) {
            if (key !== undefined && key !== prefix) found.push({ key, changedAt: LastModified ?? new Date(0) });
          }
          ContinuationToken = NextContinuationToken;
        } while (ContinuationToken !== undefined);
        return found.sort((a, b) => (a.key < b.key ? -1 : 1));
      }),
    download: (key, path) =>
      trying(`The object ${key} cannot be read`, async () => {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        await pipeline(Body as Readable, createWriteStream(path));
      }),
    move: (key, to) =>
      trying(`The object ${key} cannot be moved to ${to}`, async () => {
        const source = `${Bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
        await client.send(new CopyObjectCommand({ Bucket, Key: to, CopySource: source }));
        await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      }),
    putText: (key, text) =>
      trying(`The object ${key} cannot be written`, async () => {
        await client.send(
          new PutObjectCommand({ Bucket, Key: key, Body: text, ContentType: 'text/plain; charset=utf-8' }),
        );
      }),
    close: () => client.destroy(),
  };
}
