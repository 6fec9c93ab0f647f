import type { Logger } from 'pino';
import type { ModelRow } from '../../db/queries/models.ts';
import { messageOf } from '../../domain/errors.ts';
import type { AvmModel } from '../../domain/valuation/valuation.ts';
import type { ObjectStore } from '../../storage/object-store.ts';
import { loadArtifact } from '../platform/model-store.ts';
import type { AvmRoom } from './value-deps.ts';

/** What is needed of a model's row to load it. */
export type ServedModel = Pick<ModelRow, 'id' | 'version' | 'artifactPath' | 'artifactSha256'>;

/** Models in memory, the least recently used given back first. */
export interface ModelCache {
  /**
   * Runs the work on the loaded model, which stays for its duration.
   * @throws ReosError why the model cannot be had: no library, no bytes, still loading
   */
  use<T>(tenantId: string, model: ServedModel, work: (avm: AvmModel) => T): Promise<T>;
  /** Models in memory. */
  size(): number;
  /** Frees what nobody uses at the moment; the rest when it is done. */
  close(): void;
}

export interface ModelCacheOptions {
  storage: Pick<ObjectStore, 'get'>;
  avm: Pick<AvmRoom, 'open'>;
  logger: Logger;
  /** Models kept at most. */
  capacity?: number;
  /** How long a caller waits for a model that is being loaded, milliseconds: a database transaction is open meanwhile. */
  patienceMs?: number;
  /** How long a model that could not be loaded is not tried again, milliseconds. */
  retryAfterMs?: number;
}

interface Entry {
  loading: Promise<AvmModel>;
  users: number;
  isEvicted: boolean;
  /** Set when loading failed: until then nobody tries again. */
  failedUntil: number;
}

/** A cache of opened models. Each is loaded once, however many ask for it at the same time. */
export function createModelCache(options: ModelCacheOptions): ModelCache {
  const { capacity = 6, patienceMs = 10_000, retryAfterMs = 300_000, logger } = options;
  const entries = new Map<string, Entry>();

  async function open(model: ServedModel): Promise<AvmModel> {
    return options.avm.open(await loadArtifact(options.storage, model));
  }

  function entryOf(key: string, model: ServedModel): Entry {
    const known = entries.get(key);
    if (known !== undefined && !(known.failedUntil > 0 && known.failedUntil < Date.now())) {
      entries.delete(key);
      entries.set(key, known);
      return known;
    }
    const entry: Entry = { loading: open(model), users: 0, isEvicted: false, failedUntil: 0 };
    entry.loading.catch((error: unknown) => {
      entry.failedUntil = Date.now() + retryAfterMs;
      logger.warn(
        { err: error, model: model.version },
        `the valuation model cannot be used, comparable sales are: ${messageOf(error)}`,
      );
    });
    entries.set(key, entry);
    for (const [oldest, other] of entries) {
      if (entries.size <= capacity) break;
      entries.delete(oldest);
      release(other);
    }
    return entry;
  }

  function release(entry: Entry): void {
    entry.isEvicted = true;
    if (entry.users === 0) freeWhenLoaded(entry);
  }

  return {
    async use(tenantId, model, work) {
      const entry = entryOf(`${tenantId}/${model.id}`, model);
      entry.users += 1;
      try {
        return work(await within(entry.loading, patienceMs, model.version));
      } finally {
        entry.users -= 1;
        if (entry.isEvicted && entry.users === 0) freeWhenLoaded(entry);
      }
    },
    size: () => entries.size,
    close: () => {
      for (const entry of entries.values()) release(entry);
      entries.clear();
    },
  };
}

function freeWhenLoaded(entry: Entry): void {
  entry.loading.then(
    (avm) => avm.free(),
    () => undefined,
  );
}

function within(loading: Promise<AvmModel>, patienceMs: number, version: string): Promise<AvmModel> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`model ${version} is still being loaded`));
    const timer = setTimeout(late, patienceMs);
    loading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
