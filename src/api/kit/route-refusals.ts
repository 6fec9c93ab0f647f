import { changes, type Endpoint } from './endpoint.ts';

/** The statuses of problems that a route's part of the document can name. */
export type RefusalStatus = 400 | 401 | 402 | 403 | 404 | 409 | 413 | 415 | 422 | 429 | 503;

type Header = { description: string; schema: { type: 'string' | 'integer' | 'number' } };

const seconds = (description: string): Header => ({ description, schema: { type: 'integer' } });

/** Headers that answers can have, as components of the document. */
export const HEADERS: Readonly<Record<string, Header>> = {
  'X-Request-Id': { description: 'Names the request in the log', schema: { type: 'string' } },
  'RateLimit-Limit': { description: 'Requests a minute', schema: { type: 'integer' } },
  'RateLimit-Remaining': { description: 'What is left of them', schema: { type: 'integer' } },
  'RateLimit-Reset': seconds('Seconds until it is whole again'),
  ETag: { description: 'Send it as `If-None-Match` to be told whether it changed', schema: { type: 'string' } },
  'Retry-After': seconds('Seconds to wait'),
  'Refresh-After': {
    description: 'Seconds after which the same request has newer figures; missing where nothing has changed since',
    schema: { type: 'number' },
  },
  'WWW-Authenticate': { description: '`Bearer`', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: '`true`: the answer that the same Idempotency-Key got before',
    schema: { type: 'string' },
  },
  'Quota-Meter': { description: 'What is counted', schema: { type: 'string' } },
  'Quota-Limit': { description: 'The bound', schema: { type: 'number' } },
  'Quota-Remaining': { description: 'What is left of it', schema: { type: 'number' } },
  'Quota-Reset': seconds('Seconds until it is whole again; missing where it is not by itself'),
};

const ALWAYS = ['X-Request-Id', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];
const QUOTA = ['Quota-Meter', 'Quota-Limit', 'Quota-Remaining', 'Quota-Reset'];

const REFUSALS: Readonly<Record<RefusalStatus, { name: string; description: string; headers?: readonly string[] }>> = {
  400: { name: 'Invalid', description: '`validation`: `field` and `errors` name what is wrong' },
  401: {
    name: 'NotAuthenticated',
    description: '`auth_revoked`: no credential, or one that does not count any more',
    headers: ['WWW-Authenticate'],
  },
  402: {
    name: 'BoundReached',
    description: '`quota_exceeded`, `budget_exceeded`: a bound of the plan or of a budget',
    headers: QUOTA,
  },
  403: { name: 'NotAllowed', description: '`forbidden`: the permission is missing, and named' },
  404: { name: 'NotFound', description: '`not_found`: there is none of that id, or it belongs to somebody else' },
  409: {
    name: 'InConflict',
    description: '`conflict`: the present state does not allow it, or a request of this Idempotency-Key still runs',
    headers: ['Retry-After'],
  },
  413: { name: 'TooLarge', description: '`payload_too_large`: the body' },
  415: { name: 'WrongFormat', description: '`unsupported_media_type`: the body is encoded, or not what is taken' },
  422: { name: 'KeyReused', description: '`key_reused`: the Idempotency-Key was used for another request' },
  429: {
    name: 'TooMany',
    description: '`rate_limited`: too many requests, tries or streams',
    headers: ['Retry-After', ...QUOTA],
  },
  503: {
    name: 'NotAvailable',
    description: '`transient`, `missing_part`: a part is busy, away or not configured',
    headers: ['Retry-After'],
  },
};

const headerRefs = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** The headers of a success; those of a GET have the answer's tag, those of a write say whether they are a repetition. */
export function successHeaders({ spec }: Endpoint) {
  const isTagged = spec.method === 'get' && spec.contentType === undefined;
  const more: [string, boolean][] = [
    ['ETag', isTagged],
    ['Refresh-After', spec.cache !== undefined],
    ['Idempotent-Replayed', changes(spec)],
  ];
  return headerRefs([...ALWAYS, ...more.filter(([, has]) => has).map(([name]) => name)]);
}

/** One component per status: what every route answers with it. */
export function refusalComponents() {
  const any = { name: 'AnyProblem', description: 'Any error, as problem+json', headers: ['Retry-After'] };
  return [...Object.values(REFUSALS), any].map(({ name, description, headers = [] }) => ({
    name,
    response: {
      description,
      headers: headerRefs([...ALWAYS, ...headers]),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  }));
}

/** What a route can be refused with, by status: it follows from what it takes and who may ask. */
export function refusalsOf({ mode, spec }: Endpoint): Record<string, { $ref: string }> {
  const isWrite = changes(spec);
  const hasBody = spec.body !== undefined || spec.takesFile === true;
  const statuses: [RefusalStatus, boolean][] = [
    [400, spec.params !== undefined || spec.query !== undefined || hasBody || isWrite],
    [401, mode !== 'public'],
    [402, false],
    [403, mode !== 'public' && spec.permission !== 'signed-in'],
    [404, spec.path.includes('{')],
    [409, isWrite],
    [413, hasBody],
    [415, hasBody],
    [422, isWrite],
    [429, true],
    [503, true],
  ];
  const named = statuses.filter(([status, can]) => can || spec.refusals?.includes(status) === true);
  return Object.fromEntries(
    named.map(([status]) => [status, { $ref: `#/components/responses/${REFUSALS[status].name}` }]),
  );
}
