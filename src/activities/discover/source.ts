import type { GeoBox } from '../../domain/geo.ts';
import type { DiscoveredRecord, RecordKind } from '../../domain/listing.ts';
import type { Finding, Warning } from '../../domain/listing-rules.ts';
import type { HttpClient } from '../../http/types.ts';
import type { MappedRule } from './column-mapping.ts';
import type { Recipes } from './recipe-load.ts';

/** The raw bytes behind a record: their hash, and where they were saved when they were. */
export interface RawReference {
  contentType: string;
  /** SHA-256 (hex) of the row's text or of the page. */
  sha256: string;
  bytes?: number;
  /** What `savePage` answered, for pages. */
  ref?: string;
}

/** One thing a source found out. Everything it met comes out as one of these or as a thrown ReosError. */
export type DiscoveredItem =
  | { type: 'record'; record: DiscoveredRecord; rowReference: string; raw: RawReference; warnings: Warning[] }
  | { type: 'quarantined'; rowReference: string; reasons: Finding[]; payload: Record<string, unknown> }
  | { type: 'blocked'; url: string; status: number; reason: string }
  | { type: 'checkpoint'; cursor: string };

/** Remembered validators and body of one page, for conditional requests. */
export interface CachedPage {
  etag: string | null;
  lastModified: string | null;
  body: string;
}

/** Where pages are remembered between runs. Optional: without it each run fetches in full. */
export interface PageCache {
  get(url: string): Promise<CachedPage | null>;
  set(url: string, page: CachedPage): Promise<void>;
}

/** Runs a task when the host's turn has come: rate and concurrency per host, shared by whoever shares the pacer. */
export interface Pacer {
  run<T>(host: string, limits: PaceLimits, task: () => Promise<T>): Promise<T>;
}

export interface PaceLimits {
  requestsPerSecond: number;
  concurrency: number;
}

/** What a source may use. The database is not among it: sources hand over, others store. */
export interface DiscoverDeps {
  http: HttpClient;
  /** Renders a page that needs JavaScript. Absent: such recipes are refused with the next step. */
  renderPage?: (url: string) => Promise<{ status: number; html: string }>;
  clock: () => Date;
  /** Identifies us to sites, with a way to reach us; its first word is the name looked up in robots.txt. */
  userAgent: string;
  /** Keeps a page as evidence; answers a reference to it. */
  savePage: (
    content: string,
    meta: { url: string; reason: 'record' | 'layout_changed' | 'blocked' },
  ) => Promise<string>;
  pageCache?: PageCache;
  pacer?: Pacer;
}

interface CommonRequest {
  recipes: Recipes;
  /** Name for `source`; default: the recipe's. */
  source?: string;
  /** County of the records where they do not say; its box refuses coordinates elsewhere. */
  countyFips?: string;
  countyBox?: GeoBox | null;
  /** Where to go on: the cursor of the last checkpoint. */
  cursor?: string | null;
}

/** Columns as they were understood before: taken as they are instead of being recognised again. */
export interface GivenColumns {
  recordKind: RecordKind;
  rules: MappedRule[];
  /** Normalised names of columns that are not used. */
  ignored: string[];
}

/** A file on disk. `displayName` is what messages call it (default: its base name). */
export interface FileRequest extends CommonRequest {
  path: string;
  displayName?: string;
  /** A recipe by name instead of the one whose header signature fits. */
  recipe?: string;
  recordKind?: RecordKind;
  columns?: GivenColumns;
}

export interface SiteRequest extends CommonRequest {
  recipe: string;
  /** Replaces the recipe's base URL (a mirror, a test site); start paths are resolved against it. */
  baseUrl?: string;
  /** Replaces the recipe's start URLs or paths. */
  start?: readonly string[];
  maxPages?: number;
  /** The operator states that the site permits crawling. */
  operatorPermission?: boolean;
}

/** A page saved from a browser or a crawler. */
export interface SavedPageRequest extends CommonRequest {
  path: string;
  displayName?: string;
  recipe?: string;
  /** Where the page was served, when known; else its canonical link. */
  url?: string;
  /** HTTP status it was served with; default 200, or the one in a neighbouring `<name>.meta.json`. */
  status?: number;
}

/** Requests by source kind; the keys are the kinds. */
export interface SourceRequests {
  csv_file: FileRequest;
  json_file: FileRequest;
  listing_site: SiteRequest;
  saved_page: SavedPageRequest;
}

export type SourceKind = keyof SourceRequests;

/** The plug-in interface of discovery: a pure producer of items; memory stays bounded whatever the size. */
export interface Source<K extends SourceKind> {
  kind: K;
  /**
   * @throws ReosError `validation` for input that cannot be read as a whole (file, line, field named), `transient`
   * (with Retry-After) when the site asks to wait, `forbidden` without permission to crawl
   */
  discover(deps: DiscoverDeps, request: SourceRequests[K]): AsyncIterable<DiscoveredItem>;
}
