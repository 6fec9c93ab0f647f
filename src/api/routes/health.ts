import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { messageOf } from '../../domain/errors.ts';
import { type ApiDeps, COMPONENTS, type ComponentHealth } from '../deps.ts';
import { instant } from '../kit/schemas.ts';
import type { ApiEnv } from '../problem.ts';

const CHECK_TIMEOUT_MS = 3_000;
/** Anybody may ask, and asking starts a browser and writes a file: what was seen holds so long. */
const KEPT_MS = 15_000;

const state = z.enum(['healthy', 'degraded', 'unhealthy', 'not_configured']);
const part = z.object({ status: state }).catchall(z.union([z.string(), z.number(), z.boolean()]).nullish());
const overall = z.object({
  status: state,
  timestamp: instant,
  components: z.object({
    api: part,
    database: part,
    temporal: part,
    storage: part,
    browser: part,
    model: part,
    system: part,
  }),
});
const alive = z.object({ status: z.literal('healthy'), timestamp: instant });

/**
 * `/health` and `/api/health` say that the process answers; `/api/health/comprehensive` asks every part, at most
 * every 15 s, and says in `timestamp` when. Probes come from one address and often, so no rate limit counts them.
 */
export function healthRoutes(app: OpenAPIHono<ApiEnv>, deps: Pick<ApiDeps, 'checks' | 'clock'>): void {
  const now = () => deps.clock().toISOString();
  const paths = { '/health': 'getHealth', '/api/health': 'getApiHealth', '/api/health/': 'getApiHealthSlash' };
  for (const [path, operationId] of Object.entries(paths)) {
    const route = documented(path, operationId, 'Whether the process answers', { 200: answer('It answers', alive) });
    app.openapi(route, ((c: Context<ApiEnv>) => c.json({ status: 'healthy', timestamp: now() })) as never);
  }
  const route = documented('/api/health/comprehensive', 'getComprehensiveHealth', 'How every part is', {
    200: answer('No part is unhealthy', overall),
    503: answer('A part is unhealthy', overall),
  });
  const look = async () => {
    const parts = await Promise.all(COMPONENTS.map(async (name) => [name, await ask(deps.checks[name])] as const));
    const components = { api: { status: 'healthy' as const }, ...Object.fromEntries(parts), system: await machine() };
    const status = worst(Object.values(components).map((component) => component.status));
    return { status, timestamp: now(), components };
  };
  let seen: { at: number; look: ReturnType<typeof look> } | undefined;
  app.openapi(route, (async (c: Context<ApiEnv>) => {
    const at = deps.clock().getTime();
    // Who asks meanwhile waits for the look that runs. One takes a few seconds at most, so it is over when its time is.
    if (seen === undefined || at - seen.at >= KEPT_MS) seen = { at, look: look() };
    const found = await seen.look.catch((error: unknown) => {
      seen = undefined;
      throw error;
    });
    return c.json(found, found.status === 'unhealthy' ? 503 : 200);
  }) as never);
}

type Answers = Record<number, { description: string; content: { 'application/json': { schema: z.ZodType } } }>;

const answer = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema } },
});

const documented = (path: string, operationId: string, summary: string, responses: Answers) =>
  createRoute({
    method: 'get',
    path,
    operationId,
    tags: ['Health'],
    summary,
    description: 'Asks for no credential, and no rate limit counts it.',
    security: [],
    responses,
  });

async function ask(check: (() => Promise<ComponentHealth>) | undefined): Promise<ComponentHealth> {
  if (check === undefined) return { status: 'not_configured' };
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<ComponentHealth>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, {
      status: 'unhealthy',
      detail: `no answer within ${CHECK_TIMEOUT_MS} ms`,
    });
  });
  try {
    return await Promise.race([check(), tooLate]);
  } catch (error) {
    return { status: 'unhealthy', detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Memory and disk in percent used; a machine nearly out of either is degraded. */
async function machine(): Promise<ComponentHealth> {
  const disk = await statfs(process.cwd());
  const memoryPercent = percent(totalmem() - freemem(), totalmem());
  const diskPercent = percent(disk.blocks - disk.bavail, disk.blocks);
  const status = memoryPercent > 97 || diskPercent > 95 ? 'degraded' : 'healthy';
  return { status, memory_percent: memoryPercent, disk_percent: diskPercent };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;
}

function worst(statuses: ComponentHealth['status'][]): ComponentHealth['status'] {
  if (statuses.includes('unhealthy')) return 'unhealthy';
  return statuses.includes('degraded') ? 'degraded' : 'healthy';
}
