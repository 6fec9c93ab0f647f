import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { Hono } from 'hono';
import { messageOf } from '../../domain/errors.ts';
import { type ApiDeps, COMPONENTS, type ComponentHealth } from '../deps.ts';
import type { ApiEnv } from '../problem.ts';

const CHECK_TIMEOUT_MS = 3_000;

/** `/health` and `/api/health` say that the process answers; `/api/health/comprehensive` asks every part. */
export function healthRoutes(deps: Pick<ApiDeps, 'checks' | 'clock'>): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  for (const path of ['/health', '/api/health', '/api/health/']) {
    app.get(path, (c) => c.json({ status: 'healthy', timestamp: deps.clock().toISOString() }));
  }
  app.get('/api/health/comprehensive', async (c) => {
    const parts = await Promise.all(COMPONENTS.map(async (name) => [name, await ask(deps.checks[name])] as const));
    const components = { api: { status: 'healthy' as const }, ...Object.fromEntries(parts), system: await machine() };
    const status = worst(Object.values(components).map((component) => component.status));
    return c.json({ status, timestamp: deps.clock().toISOString(), components }, status === 'unhealthy' ? 503 : 200);
  });
  return app;
}

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
