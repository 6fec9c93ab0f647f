import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { EnrichmentSubject, Provider, ProviderDeps } from '../../../src/activities/enrich/provider.ts';
import { createHttpClient } from '../../../src/http/client.ts';

/** The recorded answers of the public services; not part of the project. */
export const RECORDED = join(process.cwd(), '..', 'shared', 'data', 'api');
export const hasRecorded = existsSync(RECORDED);

export const SUBJECT: EnrichmentSubject = {
  propertyId: 'p1',
  countyFips: '53033',
  countySlug: 'king-wa',
  apn: null,
  address: null,
  city: null,
  state: null,
  zip: null,
  latitude: null,
  longitude: null,
  censusTract: null,
};

export type Reply = { status?: number; headers?: Record<string, string>; body: string | object };

/** A loopback service that gives prepared replies and remembers what was asked. */
export interface TestService {
  url: string;
  asked: URL[];
  headers: IncomingMessage['headers'][];
  reply(...replies: Reply[]): void;
  deps(provider: Pick<Provider, 'name'>, apiKey?: string): ProviderDeps;
  stop(): Promise<void>;
}

export async function startService(): Promise<TestService> {
  let replies: Reply[] = [];
  const asked: URL[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(new URL(request.url ?? '/', 'http://service'));
    headers.push(request.headers);
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    const body = reply?.body ?? '';
    response.writeHead(reply?.status ?? 200, { 'content-type': 'application/json', ...reply?.headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    asked,
    headers,
    reply: (...next) => {
      replies = next;
      asked.length = 0;
      headers.length = 0;
    },
    deps: (provider, apiKey) => ({
      http: createHttpClient({ userAgent: 'test', trustedOrigins: [url] }),
      baseUrls: { [provider.name]: `${url}/base/` },
      apiKeys: { [provider.name]: apiKey },
    }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
