import { csvFile } from './csv-file.ts';
import { jsonFile } from './json-file.ts';
import { listingSite } from './listing-site.ts';
import { savedPage } from './saved-page.ts';
import type { DiscoverDeps, DiscoveredItem, Source, SourceKind, SourceRequests } from './source.ts';

/** Every source of discovery; the keys are the kinds. A new kind is one file and one line here. */
export const sources: { readonly [K in SourceKind]: Source<K> } = {
  csv_file: csvFile,
  json_file: jsonFile,
  listing_site: listingSite,
  saved_page: savedPage,
};

/** Runs the source of a kind: the items it finds, in order, as it finds them. */
export function discover<K extends SourceKind>(
  deps: DiscoverDeps,
  kind: K,
  request: SourceRequests[K],
): AsyncIterable<DiscoveredItem> {
  const source: Source<K> = sources[kind];
  return source.discover(deps, request);
}

/** The kind of a file by its name: HTML is a saved page, JSON is JSON, everything else is read as a table. */
export function kindOfFile(name: string): Exclude<SourceKind, 'listing_site'> {
  const plain = name.toLowerCase().replace(/\.gz$/, '');
  if (/\.html?$/.test(plain)) return 'saved_page';
  return /\.(json|geojson|jsonl|ndjson)$/.test(plain) ? 'json_file' : 'csv_file';
}
