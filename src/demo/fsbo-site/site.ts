import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DuplicateParcel, type FsboHouse, fsboHouses } from './houses.ts';
import { detailPage, frontPage, listPage } from './pages.ts';

export interface FsboSiteOptions {
  /** Default: a free one. */
  port?: number;
  /** Parcels of the caller's file that up to three pages shall offer. */
  duplicateParcels?: readonly DuplicateParcel[];
}

export interface FsboSite {
  /** Base address, without a slash at the end. */
  url: string;
  stop(): Promise<void>;
}

const ROBOTS = `User-agent: *
Disallow: /admin
Disallow: /homes/print/
Crawl-delay: 0.02
`;

/** Starts the bundled site of homes sold by their owners on loopback: 3 list pages, 24 homes, two pages broken. */
export async function startFsboSite(options: FsboSiteOptions = {}): Promise<FsboSite> {
  const houses = fsboHouses(options.duplicateParcels);
  const server = createServer((request, response) => answer(request, response, houses));
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.port ?? 0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((stopped, failed) => {
        server.close((error) => (error === undefined ? stopped() : failed(error)));
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, houses: readonly FsboHouse[]): void {
  const origin = `http://${request.headers.host ?? '127.0.0.1'}`;
  const url = new URL(request.url ?? '/', origin);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  if (url.pathname === '/robots.txt') return void response.writeHead(200, { 'content-type': 'text/plain' }).end(ROBOTS);
  const html = pageFor(url, houses, origin);
  if (html === null) return void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
  const etag = `"${createHash('sha256').update(html).digest('hex').slice(0, 16)}"`;
  if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end();
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', etag })
    .end(request.method === 'HEAD' ? undefined : html);
}

function pageFor(url: URL, houses: readonly FsboHouse[], origin: string): string | null {
  if (url.pathname === '/') return frontPage(houses.length);
  if (url.pathname === '/homes') {
    const page = Number(url.searchParams.get('page') ?? 1);
    return Number.isInteger(page) && page >= 1 ? listPage(houses, page) : null;
  }
  const house = houses.find(({ slug }) => url.pathname === `/homes/${slug}`);
  return house === undefined ? null : detailPage(house, origin);
}
