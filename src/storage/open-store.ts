import { join } from 'node:path';
import { createLocalStore } from './local-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createS3Store, type S3StoreOptions } from './s3-store.ts';

/** The store the settings ask for: the S3-compatible one when a bucket is named, else a directory of the home. */
export function openStore(
  settings: { home: string; s3: S3StoreOptions | undefined },
  linkSecret: string,
  publicUrl: string,
): ObjectStore {
  if (settings.s3 !== undefined) return createS3Store(settings.s3);
  return createLocalStore({ directory: join(settings.home, 'store'), publicUrl, signer: { secret: linkSecret } });
}
