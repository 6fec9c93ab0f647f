import { pathToFileURL } from 'node:url';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ReosError } from '../../src/domain/errors.ts';
import { readSettings, type Settings } from '../../src/settings.ts';

/**
 * Makes the bucket that S3_BUCKET names, unless it is there.
 * @returns true when it was made now
 * @throws ReosError `validation` when no bucket is set; the store's own error when it refuses
 */
export async function createBucket(s3: Settings['s3']): Promise<boolean> {
  if (s3 === undefined) {
    throw new ReosError('validation', 'S3_BUCKET is not set: there is no bucket to make. See .env.example.');
  }
  const client = new S3Client({
    endpoint: s3.endpoint,
    region: s3.region,
    forcePathStyle: s3.forcePathStyle,
    credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: s3.secretAccessKey },
  });
  try {
    try {
      await client.send(new HeadBucketCommand({ Bucket: s3.bucket }));
      return false;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'NotFound') throw error;
    }
    await client.send(new CreateBucketCommand({ Bucket: s3.bucket }));
    return true;
  } finally {
    client.destroy();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { s3 } = readSettings();
  const isNew = await createBucket(s3);
  process.stdout.write(`The bucket ${s3?.bucket} ${isNew ? 'is made' : 'was there already'}.\n`);
}
