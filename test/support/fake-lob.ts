import type { ServerResponse } from 'node:http';
import { answerJson, type ProviderFault, type ProviderRequest, startProvider } from './fake-provider.ts';

export const LOB_KEY = 'test_0123456789abcdef';

/** A body of POST /v1/letters or /v1/postcards, as far as tests look at it. */
export interface LobBody {
  description: string;
  to: Record<string, string>;
  from: Record<string, string>;
  file?: string;
  front?: string;
  back?: string;
  size?: string;
  color?: boolean;
  use_type: string;
  metadata: Record<string, string>;
}

export interface FakeLob {
  url: string;
  /** Every piece that is printed, in order. The same idempotency key gives the same piece, per resource. */
  pieces: { id: string; resource: string; key: string; body: LobBody }[];
  posts: ProviderRequest[];
  close(): Promise<void>;
}

/**
 * Behaves as Lob's create requests do: basic auth, required fields, limits of its OpenAPI description, idempotency keys.
 * @param faultFor which fault meets the n-th post (from 0)
 */
export async function startFakeLob(faultFor: (n: number) => ProviderFault = () => 'none'): Promise<FakeLob> {
  const pieces: FakeLob['pieces'] = [];
  const posts: ProviderRequest[] = [];

  function create(resource: string, key: string, body: LobBody): { id: string; object: string } {
    const object = resource === 'letters' ? 'letter' : 'postcard';
    const known = pieces.find((piece) => piece.resource === resource && piece.key === key && key !== '');
    if (known !== undefined) return { id: known.id, object };
    const id = `${resource === 'letters' ? 'ltr' : 'psc'}_${String(pieces.length + 1).padStart(16, '0')}`;
    pieces.push({ id, resource, key, body });
    return { id, object };
  }

  const server = await startProvider((request, response, socket) => {
    const resource = /^\/v1\/(letters|postcards)$/.exec(request.path)?.[1];
    if (resource === undefined) return problem(response, 404, 'unrecognized_endpoint', 'endpoint not found');
    if (request.method !== 'POST') return answerJson(response, 200, { data: [], object: 'list', count: 0 });
    const fault = faultFor(posts.length);
    posts.push(request);
    if (request.headers.authorization !== `Basic ${Buffer.from(`${LOB_KEY}:`).toString('base64')}`) {
      return problem(response, 401, 'invalid_api_key', 'Your API key is not valid.');
    }
    const body = JSON.parse(request.raw) as LobBody;
    const key = String(request.headers['idempotency-key'] ?? '');
    if (fault === 'none') {
      const wrong = findProblem(resource, body);
      if (wrong !== null) return problem(response, 422, ...wrong);
      return answerJson(response, 200, create(resource, key, body));
    }
    if (fault.startsWith('accept')) create(resource, key, body);
    if (fault === 'slow_down')
      return problem(response, 429, 'rate_limit_exceeded', 'Rate limit exceeded.', { 'Retry-After': '5' });
    if (fault === 'server_error') return problem(response, 500, 'internal_server_error', 'An error has occurred.');
    if (fault === 'accept_then_502') return problem(response, 502, 'service_unavailable', 'Bad gateway.');
    if (fault === 'request_timeout') return problem(response, 408, 'request_timeout', 'The request took too long.');
    if (fault === 'refuse') {
      const where = `${body.to['name']} at ${body.to['address_line1']}`;
      return problem(
        response,
        422,
        'failed_deliverability_strictness',
        `${where}: write to help@lob.example or +1 (206) 555-0123`,
      );
    }
    if (fault === 'nonsense') return void response.writeHead(200).end('<html>hello</html>');
    if (fault === 'redirect') return void response.writeHead(307, { Location: 'http://127.0.0.1:9/elsewhere' }).end();
    if (fault === 'redirect_here') return void response.writeHead(302, { Location: request.path }).end();
    if (fault === 'reset') socket.resetAndDestroy();
  });
  return { ...server, pieces, posts };
}

function findProblem(resource: string, body: LobBody): [string, string] | null {
  const texts = resource === 'letters' ? { file: body.file } : { front: body.front, back: body.back };
  for (const [name, html] of Object.entries(texts)) {
    if (typeof html !== 'string' || !html.includes('<')) return ['invalid', `${name} is required`];
    if (html.length >= 10_000) return ['invalid', `${name} length must be less than 10000 characters long`];
  }
  if (resource === 'letters' && typeof body.color !== 'boolean') return ['invalid', 'color is required'];
  if (!['marketing', 'operational'].includes(body.use_type))
    return ['mail_use_type_can_not_be_null', 'use_type is required'];
  for (const party of ['to', 'from'] as const) {
    const { name = '', address_line1, address_city, address_state = '', address_zip = '' } = body[party] ?? {};
    if (name === '' || name.length > 40) return ['invalid', `${party}.name must be 1 to 40 characters`];
    if (!address_line1 || !address_city) return ['invalid', `${party}.address is incomplete`];
    if (!/^[A-Z]{2}$/.test(address_state) || !/^\d{5}(-\d{4})?$/.test(address_zip))
      return ['invalid', `${party}.address is wrong`];
  }
  const { address_line1 = '', address_line2 = '' } = body.to;
  if (address_line1.length + address_line2.length > 50) return ['address_length_exceeds_limit', 'too long'];
  const values = Object.values(body.metadata ?? {});
  return values.some((value) => /["\\]/.test(value)) ? ['invalid', 'metadata has a forbidden character'] : null;
}

function problem(response: ServerResponse, status: number, code: string, message: string, headers = {}): void {
  answerJson(response, status, { error: { message, code, status_code: status } }, headers);
}
