import { client } from '../../app/api.ts';
import { saveFile } from '../../lib/save-file.ts';
import { type BulkProgress, type BulkResult, chunked, joinCsv, runBulk, waitSecondsOf } from './bulk.ts';

/** What is done to many properties at once. */
export type Deed =
  | { kind: 'tag'; tagId: string; tagName: string }
  | { kind: 'assign'; userId: string; userName: string }
  | { kind: 'approve'; campaignId: string; campaignName: string }
  | { kind: 're-score' }
  | { kind: 're-enrich' }
  | { kind: 'suppress'; reason: string }
  | { kind: 'export' };

export interface DeedResult extends BulkResult {
  /** Takes back what was new of it; where there is a way back. */
  undo?: () => Promise<unknown>;
}

interface Options {
  signal: AbortSignal;
  onProgress: (progress: BulkProgress) => void;
  onWaiting?: ((error: unknown) => void) | undefined;
}

/** The most that the API tags, or exports, with one request. */
const MOST_TAGGED = 500;
const MOST_EXPORTED = 200;

/** Does it to each; tells how far it is, what failed and why, and how to take it back. */
export async function perform(deed: Deed, ids: readonly string[], options: Options): Promise<DeedResult> {
  const all = { ...options, waitSeconds: waitSecondsOf };
  const one = (id: string, key: string) => ({ params: { path: { id } }, headers: once(key) });
  switch (deed.kind) {
    case 'tag':
      return tagAll(deed.tagId, ids, options);
    case 'assign':
      return assignAll(deed.userId, ids, options);
    case 'export':
      return exportAll(ids, options);
    case 'approve': {
      const body = { campaign_id: deed.campaignId };
      return runBulk(
        ids,
        (id, key) => client.POST('/api/v1/properties/{id}/approve-outreach', { ...one(id, key), body }),
        all,
      );
    }
    case 're-score':
      return runBulk(ids, (id, key) => client.POST('/api/v1/properties/{id}/re-score', one(id, key)), all);
    case 're-enrich':
      return runBulk(ids, (id, key) => client.POST('/api/v1/properties/{id}/re-enrich', one(id, key)), all);
    case 'suppress': {
      const body = { reason: deed.reason };
      return runBulk(ids, (id, key) => client.POST('/api/v1/properties/{id}/suppress', { ...one(id, key), body }), all);
    }
  }
}

/** A write that may be tried again has the same key each time. */
const once = (key: string) => ({ 'Idempotency-Key': key });

/** Parts of many ids, each one request; a part that fails fails for all of its ids. */
async function inParts(
  ids: readonly string[],
  size: number,
  work: (part: string[], index: number, key: string) => Promise<unknown>,
  { signal, onProgress, onWaiting }: Options,
): Promise<BulkResult> {
  const parts = chunked(ids, size);
  const names = parts.map((_, index) => String(index));
  const idsOf = (some: readonly string[]) => some.flatMap((name) => parts[Number(name)] ?? []);
  const failed = (failures: BulkProgress['failures']) =>
    failures.flatMap(({ id, error }) => idsOf([id]).map((one) => ({ id: one, error })));
  const result = await runBulk(names, (name, key) => work(parts[Number(name)]!, Number(name), key), {
    signal,
    onWaiting,
    width: 1,
    waitSeconds: waitSecondsOf,
    onProgress: ({ done, failures }) =>
      onProgress({ done: Math.min(ids.length, done * size), total: ids.length, failures: failed(failures) }),
  });
  const succeeded = idsOf(result.succeeded);
  const failures = failed(result.failures);
  return { succeeded, failures, left: idsOf(result.left), total: ids.length, done: succeeded.length + failures.length };
}

async function tagAll(tagId: string, ids: readonly string[], options: Options): Promise<DeedResult> {
  const fresh: string[] = [];
  const result = await inParts(
    ids,
    MOST_TAGGED,
    async (part, _, key) => {
      const { data } = await client.POST('/api/v1/tags/{id}/properties', {
        params: { path: { id: tagId } },
        headers: once(key),
        body: { property_ids: part },
      });
      fresh.push(...(data?.property_ids ?? []));
    },
    options,
  );
  const untag = (id: string) =>
    client.DELETE('/api/v1/properties/{id}/tags/{tag_id}', { params: { path: { id, tag_id: tagId } } });
  return fresh.length === 0 ? result : { ...result, undo: () => runBulk(fresh, untag, { waitSeconds: waitSecondsOf }) };
}

async function assignAll(userId: string, ids: readonly string[], options: Options): Promise<DeedResult> {
  const fresh: string[] = [];
  const result = await runBulk(
    ids,
    async (id, key) => {
      const { data } = await client.GET('/api/v1/properties/{id}/assignments', { params: { path: { id } } });
      // Whose it is already keeps its note and its day.
      if (data?.items.some((one) => one.user_id === userId && one.completed_at === null)) return;
      await client.PUT('/api/v1/properties/{id}/assignments/{user_id}', {
        params: { path: { id, user_id: userId } },
        headers: once(key),
        body: { completed: false, due_at: null, note: null },
      });
      fresh.push(id);
    },
    { ...options, waitSeconds: waitSecondsOf },
  );
  const unassign = (id: string) =>
    client.DELETE('/api/v1/properties/{id}/assignments/{user_id}', { params: { path: { id, user_id: userId } } });
  if (fresh.length === 0) return result;
  return { ...result, undo: () => runBulk(fresh, unassign, { waitSeconds: waitSecondsOf }) };
}

async function exportAll(ids: readonly string[], options: Options): Promise<DeedResult> {
  const files: string[] = [];
  const result = await inParts(
    ids,
    MOST_EXPORTED,
    async (part, index) => {
      const query = { ids: part.join(',') };
      const { data } = await client.GET('/api/v1/properties/export', { params: { query }, parseAs: 'text' });
      files[index] = String(data ?? '');
    },
    options,
  );
  if (result.succeeded.length > 0) {
    const text = joinCsv(files.filter((file) => file !== undefined));
    saveFile('properties.csv', new Blob([text], { type: 'text/csv;charset=utf-8' }));
  }
  return result;
}
