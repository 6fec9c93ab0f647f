import { ApiProblem } from '../../../sdk/problem.ts';
import { client } from '../../app/api.ts';
import { type BulkProgress, type BulkResult, chunked, joinCsv, runBulk } from './bulk.ts';

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
}

/** The most that the API tags, or exports, with one request. */
const MOST_TAGGED = 500;
const MOST_EXPORTED = 200;

/** How long a server that has had enough asks to wait; null for other errors. */
export function waitSecondsOf(error: unknown): number | null {
  if (!(error instanceof ApiProblem) || (error.status !== 429 && error.status !== 503)) return null;
  return Math.min(60, error.retryAfterSeconds ?? 2);
}

/** Does it to each; tells how far it is, what failed and why, and how to take it back. */
export async function perform(deed: Deed, ids: readonly string[], options: Options): Promise<DeedResult> {
  const all = { ...options, waitSeconds: waitSecondsOf };
  const one = (id: string) => ({ params: { path: { id } } });
  switch (deed.kind) {
    case 'tag':
      return tagAll(deed.tagId, ids, options);
    case 'assign':
      return assignAll(deed.userId, ids, options);
    case 'export':
      return exportAll(ids, options);
    case 'approve': {
      const body = { campaign_id: deed.campaignId };
      return runBulk(ids, (id) => client.POST('/api/v1/properties/{id}/approve-outreach', { ...one(id), body }), all);
    }
    case 're-score':
      return runBulk(ids, (id) => client.POST('/api/v1/properties/{id}/re-score', one(id)), all);
    case 're-enrich':
      return runBulk(ids, (id) => client.POST('/api/v1/properties/{id}/re-enrich', one(id)), all);
    case 'suppress': {
      const body = { reason: deed.reason };
      return runBulk(ids, (id) => client.POST('/api/v1/properties/{id}/suppress', { ...one(id), body }), all);
    }
  }
}

/** Parts of many ids, each one request; a part that fails fails for all of its ids. */
async function inParts(
  ids: readonly string[],
  size: number,
  work: (part: string[], index: number) => Promise<unknown>,
  { signal, onProgress }: Options,
): Promise<BulkResult> {
  const parts = chunked(ids, size);
  const keys = parts.map((_, index) => String(index));
  const idsOf = (names: readonly string[]) => names.flatMap((name) => parts[Number(name)] ?? []);
  const failed = (failures: BulkProgress['failures']) =>
    failures.flatMap(({ id, error }) => idsOf([id]).map((one) => ({ id: one, error })));
  const result = await runBulk(keys, (key) => work(parts[Number(key)]!, Number(key)), {
    signal,
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
    async (part) => {
      const { data } = await client.POST('/api/v1/tags/{id}/properties', {
        params: { path: { id: tagId } },
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
    async (id) => {
      const { data } = await client.GET('/api/v1/properties/{id}/assignments', { params: { path: { id } } });
      // Whose it is already keeps its note and its day.
      if (data?.items.some((one) => one.user_id === userId && one.completed_at === null)) return;
      await client.PUT('/api/v1/properties/{id}/assignments/{user_id}', {
        params: { path: { id, user_id: userId } },
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
  if (result.succeeded.length > 0) saveFile('properties.csv', joinCsv(files.filter((file) => file !== undefined)));
  return result;
}

function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
