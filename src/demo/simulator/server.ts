import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerAcs } from './acs.ts';
import type { SimulatedAnswer } from './answer.ts';
import { answerFlood, answerKingParcels, arcgisFailure } from './arcgis.ts';
import { answerAddress, answerCoordinates } from './geocoder.ts';
import { openParcelBook, type ParcelBook, type ParcelSeed } from './parcels.ts';
import { answerSocrata } from './socrata.ts';

/**
 * How a provider may be made to fail. `down` cuts the connection, `hang` never answers, `html` sends a page instead of
 * data, `malformed` half a JSON, `arcgis_error` an error inside an HTTP 200, `empty` a 200 without body.
 */
export type FailureMode =
  | 'down'
  | 'hang'
  | 'http_500'
  | 'http_503'
  | 'http_429'
  | 'http_403'
  | 'html'
  | 'malformed'
  | 'arcgis_error'
  | 'empty';

/** One request that the simulator answered (or was told not to). */
export interface LedgerEntry {
  provider: string;
  path: string;
  status: number;
  failure: FailureMode | null;
}

export interface Simulator {
  url: string;
  /** The base URL of each provider, under the providers' own names. */
  baseUrls: Record<string, string>;
  /** Every request in order. */
  ledger: readonly LedgerEntry[];
  /** Makes a provider fail for the next `times` requests (default: until `recover`). */
  fail(provider: string, mode: FailureMode, times?: number): void;
  /** Ends the failures of one provider, or of all. */
  recover(provider?: string): void;
  stop(): Promise<void>;
}

interface Route {
  provider: string;
  pattern: RegExp;
  answer(query: URLSearchParams, book: ParcelBook, part: string): SimulatedAnswer;
}

const ROUTES: readonly Route[] = [
  { provider: 'census-geocoder', pattern: /^\/geocoder\/geographies\/coordinates$/, answer: answerCoordinates },
  {
    provider: 'census-geocoder',
    pattern: /^\/geocoder\/(geographies|locations)\/onelineaddress$/,
    answer: (query, book, part) => answerAddress(query, book, part === 'geographies'),
  },
  { provider: 'census-acs', pattern: /^\/data\/\d{4}\/acs\/acs5$/, answer: answerAcs },
  { provider: 'fema-flood', pattern: /^\/fema\/NFHL\/MapServer\/28\/query$/, answer: answerFlood },
  {
    provider: 'king-county-assessor',
    pattern: /^\/king\/KingCo_PropertyInfo\/MapServer\/2\/query$/,
    answer: answerKingParcels,
  },
  {
    provider: 'cook-county-assessor',
    pattern: /^\/cook\/resource\/([a-z0-9]{4}-[a-z0-9]{4})\.json$/,
    answer: (query, book, part) => answerSocrata(part, query, book),
  },
];

const BASE_PATHS: Record<string, string> = {
  'census-geocoder': '/geocoder',
  'census-acs': '/data',
  'fema-flood': '/fema/NFHL/MapServer',
  'king-county-assessor': '/king/KingCo_PropertyInfo/MapServer',
  'cook-county-assessor': '/cook/resource',
};

/**
 * Starts the offline stand-in for the free public providers on loopback. It answers in their formats for any coordinate or
 * parcel number of the nine counties, the same at every start, and marks each answer with `x-simulated: true`.
 */
export async function startSimulator(
  options: { port?: number; parcels?: readonly ParcelSeed[] } = {},
): Promise<Simulator> {
  const book = openParcelBook(options.parcels ?? []);
  const ledger: LedgerEntry[] = [];
  const failures = new Map<string, { mode: FailureMode; left: number }>();

  const nextFailure = (provider: string): FailureMode | null => {
    const planned = failures.get(provider);
    if (planned === undefined) return null;
    planned.left -= 1;
    if (planned.left <= 0) failures.delete(provider);
    return planned.mode;
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const provider =
      Object.entries(BASE_PATHS).find(([, base]) => url.pathname.startsWith(`${base}/`))?.[0] ?? 'unknown';
    const failure = nextFailure(provider);
    if (failure !== null) {
      ledger.push({ provider, path: url.pathname + url.search, status: FAILURES[failure].status, failure });
      FAILURES[failure].act(response);
      return;
    }
    const answer = answerOf(url, book);
    ledger.push({ provider, path: url.pathname + url.search, status: answer.status, failure: null });
    send(response, answer);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    baseUrls: Object.fromEntries(Object.entries(BASE_PATHS).map(([provider, path]) => [provider, url + path])),
    ledger,
    fail: (provider, mode, times = Number.POSITIVE_INFINITY) => {
      failures.set(provider, { mode, left: times });
    },
    recover: (provider) => {
      if (provider === undefined) failures.clear();
      else failures.delete(provider);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answerOf(url: URL, book: ParcelBook): SimulatedAnswer {
  for (const { pattern, answer } of ROUTES) {
    const match = pattern.exec(url.pathname);
    if (match !== null) return answer(url.searchParams, book, match[1] ?? '');
  }
  return { status: 404, body: { message: `The simulator knows no ${url.pathname}` } };
}

function send(response: ServerResponse, { status, body }: SimulatedAnswer): void {
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', 'x-simulated': 'true' });
  response.end(isText ? body : JSON.stringify(body));
}

const page = '<!doctype html><html><head><title>Service unavailable</title></head><body>Back soon</body></html>';
const status = (code: number, headers: Record<string, string> = {}) => ({
  status: code,
  act: (response: ServerResponse) => void response.writeHead(code, headers).end(),
});
const FAILURES: Record<FailureMode, { status: number; act(response: ServerResponse): void }> = {
  down: { status: 0, act: (response) => void response.destroy() },
  hang: { status: 0, act: () => undefined },
  http_500: status(500),
  http_503: status(503, { 'retry-after': '3' }),
  http_429: status(429, { 'retry-after': '2' }),
  http_403: status(403),
  html: { status: 200, act: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end(page) },
  malformed: {
    status: 200,
    act: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"result": ['),
  },
  arcgis_error: {
    status: 200,
    act: (response) => send(response, arcgisFailure(500, 'Error performing query operation')),
  },
  empty: status(200),
};
