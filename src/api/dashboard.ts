import { readFile, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { type Context, Hono, type HonoRequest } from 'hono';
import type { ApiEnv } from './problem.ts';

/** Where the built dashboard is, and what else its pages may load. */
export interface DashboardSettings {
  /** The folder that `npm run build` writes. */
  folder: string;
  /** Map tiles, as `https://host/{z}/{x}/{y}.png`; none: the map has outlines alone. */
  tiles?: string | undefined;
  /** The Temporal Web UI, for links to runs. */
  temporalUiUrl?: string | undefined;
  /** The namespace that its links name. */
  temporalNamespace?: string | undefined;
}

/** The dashboard's page, for every address that is a screen of it. */
export interface Dashboard {
  /** Whether a request without a route asks for a screen: somebody's browser opens or reloads an address. */
  isScreen(request: HonoRequest): boolean;
  page(c: Context<ApiEnv>): Promise<Response>;
  file(c: Context<ApiEnv>, name: string): Promise<Response | undefined>;
  /** What the pages need to know of this installation, as JSON. */
  settings: {
    map_tiles: string | null;
    temporal_ui_url: string | null;
    temporal_namespace: string;
    /** Whether properties can be searched by meaning. */
    semantic_search: boolean;
  };
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json',
  '.csv': 'text/csv; charset=utf-8',
};

// Files beside the page; everything else that it loads is an asset.
const ROOT_FILES = [
  'theme.js',
  'icon.svg',
  'icon-192.png',
  'icon-512.png',
  'icon-maskable-512.png',
  'manifest.webmanifest',
  'service-worker.js',
  'invented-sales.csv',
];

// Addresses that are never screens, whatever a browser asks for there.
const NOT_SCREENS = /^\/(api|webhook|files|docs|assets|unsubscribe|interested|mcp|health|openapi\.json)(\/|$)/;

const WORKER_POLICY = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

const NOT_BUILT = `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Real Estate OS</title></head>
  <body>
    <h1>The dashboard is not built</h1>
    <p>Run <code>npm run build</code> in the project's folder, then load this page again.</p>
    <p>The API itself works: its documentation is at <a href="/docs">/docs</a>.</p>
  </body>
</html>
`;

/**
 * What the dashboard's pages may do: everything comes from this server; nothing runs or is styled from within a page.
 * `blob:` is for memos that the page has fetched itself.
 */
function policyOf(tileOrigin: string | undefined): string {
  const images = ["'self'", 'data:', 'blob:', tileOrigin].filter(Boolean).join(' ');
  return (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
    `img-src ${images}; worker-src 'self'; manifest-src 'self'; frame-src 'self' blob:; object-src 'none'; ` +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
  );
}

/** Reads the built dashboard from its folder, each file when it is first asked for. */
export function openDashboard(settings: DashboardSettings | undefined, canSearchByMeaning = false): Dashboard {
  const read = settings === undefined ? async () => undefined : filesOf(settings.folder);
  const policy = policyOf(settings?.tiles === undefined ? undefined : new URL(settings.tiles).origin);
  const file = async (c: Context<ApiEnv>, name: string) => {
    const found = await read(name, c.req.header('Accept-Encoding') ?? '');
    if (found === undefined) return undefined;
    c.header('Vary', 'Accept-Encoding');
    c.header('ETag', found.etag);
    // Names of assets hold their content's hash; the others may change with the next build.
    c.header('Cache-Control', name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (extname(name) === '.html') c.header('Content-Security-Policy', policy);
    // A worker goes by the policy that it came with: this one fetches the shell that it keeps.
    if (name === 'service-worker.js') c.header('Content-Security-Policy', WORKER_POLICY);
    if (found.encoding !== undefined) c.header('Content-Encoding', found.encoding);
    if (c.req.header('If-None-Match') === found.etag) return c.body(null, 304);
    return c.body(found.bytes, 200, { 'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream' });
  };
  return {
    file,
    settings: {
      map_tiles: settings?.tiles ?? null,
      temporal_ui_url: settings?.temporalUiUrl ?? null,
      temporal_namespace: settings?.temporalNamespace ?? 'default',
      semantic_search: canSearchByMeaning,
    },
    isScreen: (request) =>
      (request.method === 'GET' || request.method === 'HEAD') &&
      (request.header('Accept') ?? '').includes('text/html') &&
      !NOT_SCREENS.test(request.path) &&
      extname(request.path) === '',
    page: async (c) => (await file(c, 'index.html')) ?? c.html(NOT_BUILT, 503),
  };
}

/** The dashboard's own addresses: its page, its assets and the files beside it. */
export function dashboardRoutes(dashboard: Dashboard): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get('/', (c) => dashboard.page(c));
  app.get('/dashboard.json', (c) => c.json(dashboard.settings));
  app.get('/assets/:name', async (c) => (await dashboard.file(c, `assets/${c.req.param('name')}`)) ?? c.notFound());
  for (const name of ROOT_FILES) {
    app.get(`/${name}`, async (c) => (await dashboard.file(c, name)) ?? c.notFound());
  }
  return app;
}

interface StoredFile {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  encoding: string | undefined;
}

/** Finds files of a folder, compressed as the browser takes them, and keeps them until they change on disk. */
function filesOf(folder: string): (name: string, accepted: string) => Promise<StoredFile | undefined> {
  const kept = new Map<string, StoredFile>();
  return async (name, accepted) => {
    const path = join(folder, name);
    if (!path.startsWith(folder + sep)) return undefined;
    const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
    const compressed = encoding === undefined ? undefined : await load(`${path}.${encoding === 'br' ? 'br' : 'gz'}`);
    const found = compressed ?? (await load(path));
    return found && { ...found, encoding: compressed && encoding };
  };

  async function load(path: string): Promise<Omit<StoredFile, 'encoding'> | undefined> {
    const about = await stat(path).catch(absent);
    if (about === undefined || !about.isFile()) return undefined;
    const etag = `"${about.size.toString(36)}-${Math.round(about.mtimeMs).toString(36)}"`;
    const held = kept.get(path);
    if (held?.etag === etag) return held;
    const next = { bytes: new Uint8Array(await readFile(path)), etag, encoding: undefined };
    kept.set(path, next);
    return next;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
