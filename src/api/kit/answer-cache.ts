/**
 * What is kept how long. Spec L4. `figures` are sums over a whole tenant: an event makes them stale, but not before they
 * have rested for a while that grows with what they cost.
 */
export const CACHE_SECONDS = { detail: 600, list: 300, score: 1_800, timeline: 60, figures: 300 } as const;
export type CacheKind = keyof typeof CACHE_SECONDS;

/** A JSON answer as it goes out. */
export interface CachedAnswer {
  status: number;
  body: string;
  etag: string;
  /** Something has changed since it was read, and it is made anew in so many ms; absent when it is up to date. */
  outdatedForMs?: number;
}

/** What an answer is about: the whole tenant's lists, or one property. */
export interface CacheScope {
  kind: CacheKind;
  tenantId: string;
  /** Null: about more than one property. */
  propertyId: string | null;
  /** Path, query and what else the answer depends on, such as the caller. */
  key: string;
}

/** Keeps answers until their time is over or an event says that they changed. */
export interface AnswerCache {
  /**
   * The kept answer, or what `load` makes, which many waiting callers share. Figures that rest after an event say how
   * long, so that who shows them asks again. A cache that is away is no error: `load` is called. A failure of `load` is
   * not kept.
   */
  through(scope: CacheScope, load: () => Promise<CachedAnswer>): Promise<CachedAnswer>;
  /** Forgets what was about this property, and the tenant's lists; everything of the tenant without a property. */
  invalidate(tenantId: string, propertyId: string | null): Promise<void>;
}
