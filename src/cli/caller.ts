import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import type { Identity } from '../api/kit/principal.ts';
import { messageOf, ReosError } from '../domain/errors.ts';
import { type ApiClient, createApiClient, take } from '../sdk/client.ts';
import { type EventSettings, type StreamedEvent, subscribe } from '../sdk/events.ts';
import type { Settings } from '../settings.ts';
import { type CommandContext, chooseOrMakeTenant, chooseTenant, type OpenSystem, useSystem } from './context.ts';
import { operatorName } from './operator.ts';
import type { Output } from './output.ts';

/** What a verb that works through the API has: the same on this machine and against a remote server. */
export interface Caller {
  api: ApiClient;
  output: Output;
  /** Of this machine: where files that a verb reads or writes are understood from. */
  settings: Settings;
  /** The bytes behind a link that the API gave. @throws ReosError `not_found` when it opens nothing */
  download(url: string): Promise<Buffer>;
  /** Events as they happen, until its signal ends it. On this machine only for a verb that needs `events`. */
  events(of: Pick<EventSettings, 'propertyId' | 'lastEventId' | 'signal'>): AsyncGenerator<StreamedEvent>;
  /** Where the API is; null on this machine without a served one. */
  apiUrl: string | null;
}

/** A model that a verb needs is opened for it alone, so its loading is waited for; below the idle limit of a transaction. */
const MODEL_PATIENCE_MS = 20_000;

/** Parts that must run when the verb works on this machine, besides the database. */
export type Needs = 'temporal' | 'services' | 'events' | undefined;

/**
 * Runs the work with a client of the API: of the one at `--api`, else of one in this process on this machine's database,
 * as the operator, in the tenant that the command names.
 * @throws ReosError `validation` for an address or a key that is none, `missing_part` without a key
 */
export async function withCaller<T>(
  context: CommandContext,
  verb: { needs?: Needs; makesTenant?: boolean },
  work: (caller: Caller) => Promise<T>,
): Promise<T> {
  const { needs, makesTenant = false } = verb;
  if (context.api !== undefined) return work(await remoteCaller(context, context.api));
  return useSystem(context, { services: needs === 'services' }, async (system) => {
    const { client, close } = await openTemporal(context, system, needs);
    try {
      const tenant = await (makesTenant ? chooseOrMakeTenant : chooseTenant)(context, system.db);
      return await withOwnApi(context, { system, client, tenantId: tenant.id, needs }, work);
    } finally {
      await close();
    }
  });
}

async function remoteCaller(context: CommandContext, address: string): Promise<Caller> {
  const baseUrl = checkApiUrl(address);
  const credential = await readKey(context);
  const api = createApiClient({ baseUrl, credential });
  if (context.tenantSlug !== undefined) {
    const { items } = await take(api.GET('/api/v1/tenants', { params: {} }));
    const slug = items[0]?.slug;
    if (slug !== context.tenantSlug) {
      throw new ReosError(
        'validation',
        `--tenant: the API key is of the tenant '${slug ?? 'unknown'}', not of '${context.tenantSlug}'. A key works in its own tenant alone.`,
      );
    }
  }
  return {
    api,
    output: context.output,
    settings: context.settings,
    apiUrl: baseUrl,
    download: (url) => download(url, fetch),
    events: (of) => subscribe({ baseUrl, credential, ...of }),
  };
}

/** @throws ReosError `validation` */
function checkApiUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ReosError('validation', `--api: '${text}' is no address such as https://reos.example.com`);
  }
  if (url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new ReosError('validation', '--api: only the address: no user, no query. The key comes from REOS_API_KEY.');
  }
  const isNear = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && !isNear) {
    throw new ReosError(
      'validation',
      `--api: ${url.host} is asked without encryption, so the key could be read. Use https.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

async function readKey({ settings, apiKeyFile }: CommandContext): Promise<string> {
  if (apiKeyFile !== undefined) {
    const text = await readFile(apiKeyFile, 'utf8').catch((error: unknown) => {
      throw new ReosError('validation', `--api-key-file: ${messageOf(error)}`, { cause: error });
    });
    if (text.trim() !== '') return text.trim();
    throw new ReosError('validation', `--api-key-file: ${apiKeyFile} is empty.`);
  }
  if (settings.apiKey !== undefined) return settings.apiKey;
  throw new ReosError(
    'missing_part',
    'An API key is needed: set REOS_API_KEY, or name its file with --api-key-file. An admin makes one with: reos api-key create',
  );
}

/** A connection that a verb without need of Temporal never opens. */
async function openTemporal(context: CommandContext, system: OpenSystem, needs: Needs) {
  const { connectTemporal, temporalConfig } = await import('../client/connect.ts');
  const { Client, Connection } = await import('@temporalio/client');
  const target = { address: system.temporalAddress, env: context.settings.env };
  if (needs === 'temporal' || needs === 'services') {
    const client = await connectTemporal(target);
    return { client, close: () => client.connection.close() };
  }
  const { connectionOptions, namespace } = temporalConfig(target);
  const connection = Connection.lazy(connectionOptions);
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}

async function withOwnApi<T>(
  context: CommandContext,
  { system, client, tenantId, needs }: { system: OpenSystem; client: Client; tenantId: string; needs: Needs },
  work: (caller: Caller) => Promise<T>,
): Promise<T> {
  const { createApiParts } = await import('../workers/api.ts');
  const { createApi } = await import('../api/server.ts');
  const { createTellingCache } = await import('../workers/answer-news.ts');
  const { settings, logger, output } = context;
  const publicUrl = settings.publicUrl ?? system.apiUrl ?? `http://${settings.apiHost}:${settings.ports.api}`;
  const { deps, close } = await createApiParts(settings, logger, {
    db: system.db,
    client,
    publicUrl,
    modelPatienceMs: MODEL_PATIENCE_MS,
  });
  const unlimited = { free: 1e9, professional: 1e9, enterprise: 1e9 };
  const events = needs === 'events' ? await openEvents(context, system) : undefined;
  // What this verb changes, a running API forgets.
  const telling = createTellingCache({ db: system.db, logger });
  const app = createApi({
    ...deps,
    feed: events?.feed,
    cache: telling.cache,
    identity: operator(tenantId),
    limits: { tenant: unlimited, address: 1e9 },
  });
  const own = { baseUrl: 'http://reos.localhost', fetch: async (request: Request) => app.fetch(request) };
  // Nothing is gained by waiting for oneself.
  const api = createApiClient({ ...own, retry: { retries: 0 } });
  try {
    return await work({
      api,
      output,
      settings,
      apiUrl: system.apiUrl,
      events: (of) => subscribe({ ...own, ...of }),
      // Where no API is served, its links are opened in this process.
      download: (url) => download(url, async (link) => (link.startsWith(publicUrl) ? app.request(link) : fetch(link))),
    });
  } finally {
    await telling.stop();
    await events?.stop();
    close();
  }
}

/** The reader of the event log in this process. */
async function openEvents({ settings, logger }: CommandContext, { db, databaseUrl }: OpenSystem) {
  const { startEvents } = await import('../workers/api-events.ts');
  return startEvents({ db, url: settings.databaseDirectUrl ?? databaseUrl, logger });
}

async function download(url: string, open: (url: string) => Promise<Response>): Promise<Buffer> {
  const response = await open(url);
  if (response.ok) return Buffer.from(await response.arrayBuffer());
  throw new ReosError('not_found', `The link ${new URL(url).pathname} opens nothing: ${response.status}.`);
}

/** Whoever may start this machine's database may do everything in it; the audit log has the login name. */
function operator(tenantId: string): Identity {
  const name = operatorName();
  return {
    credentialOf: async () => ({ kind: 'api_key', tenantId, subject: randomUUID(), issuedAt: null }),
    principalOf: async () => ({
      kind: 'api_key',
      tenantId,
      id: `command-line:${name}`,
      name,
      role: null,
      permissions: ['*'],
      plan: 'enterprise',
      isOperator: true,
    }),
  };
}
