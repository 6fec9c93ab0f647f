import { z } from 'zod';
import type { ResoSource } from '../../../config/market-sources.ts';
import { ReosError } from '../../../domain/errors.ts';
import type { HttpClient } from '../../../http/types.ts';
import type { SourcePage } from './page.ts';

const MOST_BYTES = 64 * 2 ** 20;
const TIMEOUT_MS = 60_000;
const SQFT_PER_SQUARE_METRE = 10.763_910_416_709_722;
const TIME = 'ModificationTimestamp';

/** Columns of mls_listings in the order of `cellsOf`. */
const HEADER = [
  'listing_id',
  'market',
  'segment',
  'zip',
  'list_price',
  'sale_price',
  'living_area_sqft',
  'days_on_market',
  'list_date',
  'close_date',
];
const FIELDS = [
  'ListingKey',
  'PostalCode',
  'ListPrice',
  'ClosePrice',
  'LivingArea',
  'LivingAreaUnits',
  'DaysOnMarket',
  'ListingContractDate',
  'CloseDate',
  'StandardStatus',
  TIME,
];

type Listing = Record<string, unknown>;
const answerSchema = z.looseObject({
  value: z.array(z.record(z.string(), z.unknown())),
  '@odata.nextLink': z.string().optional(),
});

/** One question after another to an MLS, with its token. */
export interface ResoReader {
  /** Listings changed at or after the cursor, in the order of their change. */
  changes(cursor: string | null): AsyncGenerator<SourcePage>;
  /** The keys of everything that the MLS shows. */
  keys(): AsyncGenerator<string[]>;
}

/**
 * Reads an MLS over the RESO Web API (OData 4): `$select`, `$filter` on ModificationTimestamp, `$orderby`, then every
 * `@odata.nextLink` to the end. A cursor is stated only while rows come in the order of their change.
 * @throws ReosError `transient` (429 and 5xx with their Retry-After), `auth_revoked`, `validation` with the service's words
 */
export function resoReader(http: HttpClient, source: ResoSource): ResoReader {
  let token = source.token;
  const renew = async () => {
    token = source.oauth === undefined ? source.token : await clientToken(http, source.name, source.oauth);
  };

  async function get(url: string) {
    if (token === undefined) await renew();
    const ask = () =>
      http.fetch({
        url,
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
        maxBytes: MOST_BYTES,
      });
    let response = await ask();
    if (response.status === 401 && source.oauth !== undefined) {
      await renew();
      response = await ask();
    }
    const { status, headers, body } = response;
    if (status !== 200) throw refusalOf(source.name, status, headers, body);
    const checked = answerSchema.safeParse(jsonOf(body));
    if (!checked.success)
      throw new ReosError('transient', `${source.name}: the MLS answered with something that is no OData.`);
    return checked.data;
  }

  async function* pages(parameters: Record<string, string>): AsyncGenerator<Listing[]> {
    const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    let url = `${source.url.replace(/\/+$/, '')}/${source.resource}?${query.join('&')}`;
    const seen = new Set<string>();
    for (;;) {
      if (seen.has(url))
        throw new ReosError('validation', `${source.name}: the MLS's next page is one that was read already.`);
      seen.add(url);
      const { value, '@odata.nextLink': next } = await get(url);
      yield value;
      if (next === undefined || next === '') return;
      const following = new URL(next, url);
      if (following.origin !== new URL(source.url).origin) {
        throw new ReosError(
          'blocked',
          `${source.name}: the MLS's next page is at ${following.origin}; it must stay where it is.`,
        );
      }
      url = following.href;
    }
  }

  const filterOf = (...conditions: Array<string | undefined>): Record<string, string> => {
    const given = conditions.filter((one) => one !== undefined);
    return given.length === 0
      ? {}
      : { $filter: given.length === 1 ? given[0]! : given.map((one) => `(${one})`).join(' and ') };
  };

  return {
    async *changes(cursor) {
      const named = [...source.market.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
      const select = [
        ...new Set([...FIELDS, ...named, ...[source.segment, source.visible].filter((one) => one !== undefined)]),
      ];
      let last = cursor ?? '';
      let isInOrder = true;
      const parameters = {
        $select: select.join(','),
        ...filterOf(source.filter, cursor === null ? undefined : `${TIME} ge ${cursor}`),
        $orderby: `${TIME} asc`,
        $top: String(source.page),
      };
      for await (const listings of pages(parameters)) {
        const cells: string[][] = [];
        const removed: string[] = [];
        for (const listing of listings) {
          const at = timeOf(listing);
          if (at !== null) {
            if (Date.parse(at) < Date.parse(last)) isInOrder = false;
            else last = at;
          }
          const key = text(listing['ListingKey']);
          if (isWithdrawn(source, listing) && key !== '') removed.push(key);
          else cells.push(cellsOf(source, listing));
        }
        yield { header: HEADER, rows: cells, cursor: isInOrder && last !== '' ? last : null, removed };
      }
      // All of it has been read now, whatever its order was.
      if (!isInOrder) yield { header: HEADER, rows: [], cursor: last, removed: [] };
    },
    async *keys() {
      const parameters = {
        $select: 'ListingKey',
        ...filterOf(source.filter),
        $orderby: 'ListingKey asc',
        $top: String(source.page),
      };
      for await (const listings of pages(parameters))
        yield listings.map((one) => text(one['ListingKey'])).filter((key) => key !== '');
    },
  };
}

const text = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? '' : String(value).trim();

/** The moment of the change, when it is one. */
function timeOf(listing: Listing): string | null {
  const at = text(listing[TIME]);
  return Number.isNaN(Date.parse(at)) ? null : at;
}

/** What may not be shown any more: by its status, or by the flag of the feeds that have one. */
const isWithdrawn = ({ visible }: ResoSource, listing: Listing) =>
  /^deleted?$/i.test(text(listing['StandardStatus'])) || (visible !== undefined && listing[visible] === false);

function cellsOf(source: ResoSource, listing: Listing): string[] {
  const area = text(listing['LivingArea']);
  const isMetric = /met(er|re)/i.test(text(listing['LivingAreaUnits']));
  const market = source.market.replace(/\{(\w+)\}/g, (_, name: string) => text(listing[name]));
  return [
    text(listing['ListingKey']),
    // A place of which a part is missing is no place.
    /(^|, ?)(,|$)/.test(market) ? '' : market,
    source.segment === undefined ? '' : text(listing[source.segment]),
    text(listing['PostalCode']),
    text(listing['ListPrice']),
    text(listing['ClosePrice']),
    isMetric && area !== '' ? String(Number(area) * SQFT_PER_SQUARE_METRE) : area,
    text(listing['DaysOnMarket']),
    text(listing['ListingContractDate']),
    text(listing['CloseDate']),
  ];
}

async function clientToken(http: HttpClient, name: string, oauth: NonNullable<ResoSource['oauth']>): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: oauth.client_id,
    client_secret: oauth.client_secret,
    ...(oauth.scope === undefined ? {} : { scope: oauth.scope }),
  });
  const { status, headers, body } = await http.fetch({
    url: oauth.token_url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: form.toString(),
    timeoutMs: TIMEOUT_MS,
  });
  if (status !== 200) {
    if (status === 400 || status === 401 || status === 403) {
      throw new ReosError(
        'auth_revoked',
        `${name}: the token service refuses client_id and client_secret (HTTP ${status}).`,
      );
    }
    throw refusalOf(name, status, headers, body);
  }
  const token = (jsonOf(body) as { access_token?: unknown } | null)?.access_token;
  if (typeof token !== 'string' || token === '')
    throw new ReosError('transient', `${name}: the token service gave no token.`);
  return token;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

function refusalOf(name: string, status: number, headers: Record<string, string>, body: Buffer): ReosError {
  const said = (jsonOf(body) as { error?: { message?: unknown } } | null)?.error?.message;
  const words = `${name}: the MLS answered HTTP ${status}${typeof said === 'string' ? ` (${said.slice(0, 200)})` : ''}.`;
  const details = { source: name, status };
  if (status === 401 || status === 403) return new ReosError('auth_revoked', `${words} Check its token.`, { details });
  if (status === 408 || status === 429 || status >= 500) {
    const wait = Number(headers['retry-after']);
    return new ReosError('transient', words, { details, ...(wait > 0 ? { retryAfterSeconds: wait } : {}) });
  }
  return new ReosError('validation', words, { details });
}
