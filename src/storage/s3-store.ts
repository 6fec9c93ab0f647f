import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { messageOf, ReosError } from '../domain/errors.ts';
import { checkExpiry, checkKey, type ObjectStore, safeFileName } from './object-store.ts';

/** An S3-compatible store. Without `endpoint` it is AWS; without keys, the SDK's own chain of credentials is used. */
export interface S3StoreOptions {
  bucket: string;
  region: string;
  endpoint?: string;
  accessKeyId?: string;
  secretAccessKey?: string;
  /** True for servers that have the bucket in the path (most that are not AWS). Default: true with an `endpoint`. */
  forcePathStyle?: boolean;
  /** Limit of one request in milliseconds; default 10,000. */
  timeoutMs?: number;
}

/** An object store that holds connections; `close` ends them. */
export interface S3Store extends ObjectStore {
  close(): void;
}

/** Keeps objects in a bucket that exists already. One attempt a call: the activity that calls retries. */
export function createS3Store(options: S3StoreOptions): S3Store {
  const { bucket, region, endpoint, accessKeyId, secretAccessKey, timeoutMs = 10_000 } = options;
  const client = new S3Client({
    region,
    maxAttempts: 1,
    forcePathStyle: options.forcePathStyle ?? endpoint !== undefined,
    requestHandler: { connectionTimeout: 2_000, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
    // Many compatible servers do not know the newer checksums; S3 itself does not need them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
  });
  const place = (key: string) => ({ Bucket: bucket, Key: checkKey(key) });

  return {
    async put(key, bytes, contentType) {
      const command = new PutObjectCommand({
        ...place(key),
        Body: bytes,
        ContentType: contentType,
        ContentLength: bytes.length,
      });
      await client.send(command).catch((cause: unknown) => {
        throw storeError(`The object ${key} cannot be stored in bucket ${bucket}`, cause);
      });
    },
    async putFile(key, path, contentType) {
      const { size } = await stat(path);
      const command = new PutObjectCommand({
        ...place(key),
        Body: createReadStream(path),
        ContentType: contentType,
        ContentLength: size,
      });
      await client.send(command).catch((cause: unknown) => {
        throw storeError(`The object ${key} cannot be stored in bucket ${bucket}`, cause);
      });
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(place(key))).catch((cause: unknown) => {
        throw storeError(`The object ${key} cannot be removed from bucket ${bucket}`, cause);
      });
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand(place(key)));
        return Body === undefined ? Buffer.alloc(0) : Buffer.from(await Body.transformToByteArray());
      } catch (cause) {
        if (isAbsent(cause)) return null;
        throw storeError(`The object ${key} cannot be read from bucket ${bucket}`, cause);
      }
    },
    async has(key) {
      try {
        await client.send(new HeadObjectCommand(place(key)));
        return true;
      } catch (cause) {
        if (isAbsent(cause)) return false;
        throw storeError(`The object ${key} cannot be looked up in bucket ${bucket}`, cause);
      }
    },
    async signedUrl(key, { expiresSeconds, contentType, fileName } = {}) {
      const command = new GetObjectCommand({
        ...place(key),
        ...(contentType === undefined ? {} : { ResponseContentType: contentType }),
        ...(fileName === undefined
          ? {}
          : { ResponseContentDisposition: `inline; filename="${safeFileName(fileName)}"` }),
      });
      return getSignedUrl(client, command, { expiresIn: checkExpiry(expiresSeconds) });
    },
    close: () => client.destroy(),
  };
}

/** No such object. A missing bucket is also a 404, but by another name: that is a wrong setting. */
function isAbsent(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

function storeError(what: string, cause: unknown): ReosError {
  if (cause instanceof ReosError) return cause;
  const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
  const name = cause instanceof S3ServiceException ? cause.name : messageOf(cause);
  if (status === 401 || status === 403) {
    return new ReosError(
      'auth_revoked',
      `${what}: the store refused the credentials (${name}). Check the S3_* settings.`,
      { cause },
    );
  }
  if (status === 404 || status === 301) {
    return new ReosError('not_found', `${what}: ${name}. Check the bucket's name and region.`, { cause });
  }
  return new ReosError('transient', `${what}: ${name}. It is tried again.`, { cause });
}
