import { answerJson, startProvider } from './fake-provider.ts';

/** A listing as an MLS has it; `ListingKey` and `ModificationTimestamp` at least. */
export type ResoListing = Record<string, string | number | boolean | null>;

export interface FakeReso {
  url: string;
  tokenUrl: string;
  /** What the MLS has; a test may change it between two pulls. */
  listings: ResoListing[];
  /** Its own ledger: paths with their queries, decoded. */
  asked: string[];
  /** Tokens that were given; only the newest is taken. */
  tokens: string[];
  /** Status for the next question, instead of an answer. */
  failNext: { status: number; retryAfter?: string } | null;
  /** Whether it sends the next page to another origin, or gives rows in any order. */
  mood: 'good' | 'leads away' | 'unordered';
  close(): Promise<void>;
}

/** Speaks as much of the RESO Web API (OData 4) as replication needs; at most `pageSize` rows a page, whatever was asked for. */
export async function startFakeReso(listings: ResoListing[], pageSize = 3): Promise<FakeReso> {
  const fake: FakeReso = {
    url: '',
    tokenUrl: '',
    listings,
    asked: [],
    tokens: [],
    failNext: null,
    mood: 'good',
    close: async () => undefined,
  };
  const server = await startProvider((request, response) => {
    const url = new URL(request.path, fake.url);
    if (url.pathname === '/token') {
      const form = new URLSearchParams(request.raw);
      if (form.get('client_secret') !== 'secret' || form.get('grant_type') !== 'client_credentials') {
        return answerJson(response, 401, { error: 'invalid_client' });
      }
      fake.tokens.push(`token-${fake.tokens.length + 1}`);
      return answerJson(response, 200, { access_token: fake.tokens.at(-1), token_type: 'Bearer', expires_in: 3600 });
    }
    fake.asked.push(decodeURIComponent(request.path));
    if (fake.failNext !== null) {
      const { status, retryAfter } = fake.failNext;
      fake.failNext = null;
      const headers = retryAfter === undefined ? {} : { 'Retry-After': retryAfter };
      return answerJson(response, status, { error: { code: 'x', message: 'not now' } }, headers);
    }
    const expected = fake.tokens.at(-1) ?? 'a-token';
    if (request.headers.authorization !== `Bearer ${expected}`) {
      return answerJson(response, 401, { error: { message: 'token' } });
    }
    if (url.pathname !== '/odata/Property')
      return answerJson(response, 404, { error: { message: 'no such resource' } });
    const select = (url.searchParams.get('$select') ?? '').split(',');
    const order = (url.searchParams.get('$orderby') ?? '').split(' ')[0]!;
    const from = /ModificationTimestamp ge (\S+?)\)?$/.exec(url.searchParams.get('$filter') ?? '')?.[1];
    const state = /StateOrProvince eq '(\w+)'/.exec(url.searchParams.get('$filter') ?? '')?.[1];
    const skip = Number(url.searchParams.get('$skiptoken') ?? 0);
    const found = fake.listings
      .filter((one) => from === undefined || Date.parse(String(one['ModificationTimestamp'])) >= Date.parse(from))
      .filter((one) => state === undefined || one['StateOrProvince'] === state)
      .sort((a, b) => (String(a[order]) < String(b[order]) ? -1 : 1));
    if (fake.mood === 'unordered') found.reverse();
    const page = found.slice(skip, skip + Math.min(pageSize, Number(url.searchParams.get('$top') ?? pageSize)));
    const next = new URL(url);
    next.searchParams.set('$skiptoken', String(skip + page.length));
    const isLast = skip + page.length >= found.length;
    const link = fake.mood === 'leads away' ? 'https://elsewhere.example/odata/Property?$skiptoken=3' : next.href;
    answerJson(response, 200, {
      '@odata.context': `${fake.url}/odata/$metadata#Property`,
      value: page.map((one) => Object.fromEntries(select.map((name) => [name, one[name] ?? null]))),
      ...(isLast ? {} : { '@odata.nextLink': link }),
    });
  });
  fake.url = server.url;
  fake.tokenUrl = `${server.url}/token`;
  fake.close = server.close;
  return fake;
}
