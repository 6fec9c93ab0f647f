import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadRecipes, type Recipes } from '../../../src/activities/discover/recipe-load.ts';
import type { DiscoverDeps, DiscoveredItem } from '../../../src/activities/discover/source.ts';
import type { HttpClient } from '../../../src/http/types.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export const configDir = resolve(process.cwd(), 'config');
export const recipes: Recipes = await loadRecipes(configDir);
export const sharedData = resolve(process.cwd(), '../shared/data');

/** A client on Node's own fetch, for loopback sites. */
export const plainHttp: HttpClient = {
  async fetch({ url, headers }) {
    const answer = await fetch(url, { headers, redirect: 'manual' });
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
      url: answer.url,
      simulated: false,
    };
  },
};

/** Dependencies that keep saved pages in a list. */
export function testDeps(saved: string[] = [], http: HttpClient = plainHttp): DiscoverDeps {
  return {
    http,
    clock: () => new Date('2026-06-01T00:00:00Z'),
    userAgent: 'reos/0.1 (+https://example.com/bot)',
    savePage: async (_content, meta) => {
      saved.push(`${meta.reason} ${meta.url}`);
      return `pages/${saved.length}.html`;
    },
  };
}

/** Writes bytes to a file of its own and answers the path. */
export function tempFile(name: string, content: string | Buffer): string {
  const path = join(temporaryFolder('discover-'), name);
  writeFileSync(path, content);
  return path;
}

export async function collect(items: AsyncIterable<DiscoveredItem>): Promise<DiscoveredItem[]> {
  const all: DiscoveredItem[] = [];
  for await (const item of items) all.push(item);
  return all;
}

type Record_ = Extract<DiscoveredItem, { type: 'record' }>;
type Quarantined = Extract<DiscoveredItem, { type: 'quarantined' }>;
export const recordsOf = (items: DiscoveredItem[]) => items.filter((item): item is Record_ => item.type === 'record');
export const quarantinedOf = (items: DiscoveredItem[]) =>
  items.filter((item): item is Quarantined => item.type === 'quarantined');
