import { createHash } from 'node:crypto';
import { type ImageOutcome, type PropertyImage, recordImage, usableImages } from '../../db/queries/images.ts';
import { withTenant } from '../../db/tenant.ts';
import { messageOf } from '../../domain/errors.ts';
import { inspectImage } from '../../domain/memo/image-kind.ts';
import type { ActivityDeps } from '../deps.ts';
import { dataUri, imageKey } from './names.ts';

type Deps = Pick<ActivityDeps, 'db' | 'http' | 'storage'>;

const MOST_IMAGES = 4;
const MOST_BYTES = 5 * 1024 * 1024;
/** All pictures of one memo together: what a mail can carry and a browser opens quickly. */
const MOST_BYTES_TOGETHER = 8 * 1024 * 1024;
const TIMEOUT_MS = 5_000;

/**
 * The property's pictures as data: URIs, at most four. Addresses that were not fetched yet are fetched now, through the
 * guarded client: what is no whole picture, too large, too slow or at a private address is recorded as failed with the
 * reason. Never throws for a picture: a memo without one has its drawing.
 */
export async function collectImages(
  deps: Deps,
  { tenantId, propertyId }: { tenantId: string; propertyId: string },
): Promise<string[]> {
  const rows = await withTenant(deps.db, tenantId, (trx) => usableImages(trx, propertyId, MOST_IMAGES));
  const found = await Promise.all(
    rows.map(async (row) => {
      if (row.status === 'stored') return readStored(deps, row);
      const { outcome, bytes } = await fetchImage(deps, tenantId, row.url);
      await withTenant(deps.db, tenantId, (trx) => recordImage(trx, propertyId, row.url, outcome));
      return outcome.status === 'stored' && bytes !== null ? { contentType: outcome.contentType, bytes } : null;
    }),
  );
  let left = MOST_BYTES_TOGETHER;
  return found.flatMap((image) => {
    if (image === null || image.bytes.byteLength > left) return [];
    left -= image.bytes.byteLength;
    return [dataUri(image.contentType, image.bytes)];
  });
}

async function readStored(deps: Deps, { storageKey, contentType }: PropertyImage) {
  if (storageKey === null || contentType === null) return null;
  const bytes = await deps.storage.get(storageKey);
  return bytes === null ? null : { contentType, bytes };
}

/** Fetches one picture and stores it. Only a store that does not answer throws: that heals by waiting. */
async function fetchImage(
  { http, storage }: Deps,
  tenantId: string,
  url: string,
): Promise<{ outcome: ImageOutcome; bytes: Buffer | null }> {
  const failed = (reason: string) => ({ outcome: { status: 'failed', reason } as const, bytes: null });
  let bytes: Buffer;
  try {
    const answer = await http.fetch({
      url,
      headers: { accept: 'image/webp,image/png,image/jpeg,image/gif' },
      maxBytes: MOST_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    if (answer.status !== 200) return failed(`the server answered ${answer.status}`);
    bytes = answer.body;
  } catch (error) {
    return failed(messageOf(error));
  }
  const seen = inspectImage(bytes);
  if ('problem' in seen) return failed(seen.problem);
  const { contentType, extension } = seen.image;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const storageKey = imageKey(tenantId, 'images', sha256, extension);
  await storage.put(storageKey, bytes, contentType);
  return { outcome: { status: 'stored', storageKey, sha256, contentType, bytes: bytes.byteLength }, bytes };
}
