import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Lifecycles } from '../client/lifecycles.ts';
import type { Counties } from '../config/county-index.ts';
import type { Database } from '../db/connect.ts';
import { ensureTenant, findTenant, listTenants, type Tenant } from '../db/queries/tenants.ts';
import { withSystem } from '../db/tenant.ts';
import { ReosError } from '../domain/errors.ts';
import { createLogger } from '../logger.ts';
import { reosHome } from '../runtime/home.ts';
import { type RunningSystem, readRunningSystem } from '../runtime/state.ts';
import type { SystemOptions } from '../runtime/system.ts';
import { PACKAGE_ROOT, readSettings, type Settings } from '../settings.ts';
import type { Output } from './output.ts';

/** What every command works with. */
export interface CommandContext {
  settings: Settings;
  output: Output;
  logger: Logger;
  /** `--tenant`. */
  tenantSlug: string | undefined;
  /** `--api`: the server to work against, instead of this machine. */
  api: string | undefined;
  /** `--api-key-file`. */
  apiKeyFile: string | undefined;
}

/** A system to work on: one that runs, or one started for this command alone. */
export interface OpenSystem extends RunningSystem {
  db: Database;
  /** True when this command started it. */
  isOwn: boolean;
  temporal(): Promise<Client>;
  lifecycles(): Promise<Lifecycles>;
  counties(): Promise<Counties>;
}

/** The options that every verb has. */
export interface CommonOptions {
  json?: boolean;
  tenant?: string;
  api?: string;
  apiKeyFile?: string;
}

/** The context of one invocation. Parts that few verbs need are loaded where they are used. */
export async function createContext(
  output: Output,
  options: CommonOptions,
  env: NodeJS.ProcessEnv,
): Promise<CommandContext> {
  const settings = readSettings(env);
  // A profile or a configuration file of Temporal's own names a server just as TEMPORAL_ADDRESS does.
  if (settings.temporalAddress === undefined && (env.TEMPORAL_PROFILE || env.TEMPORAL_CONFIG_FILE)) {
    const { temporalConfig } = await import('../client/connect.ts');
    settings.temporalAddress = temporalConfig({ env }).connectionOptions.address;
  }
  return {
    settings,
    output,
    logger: createLogger(env.REOS_LOG_LEVEL ?? 'warn', 'reos'),
    tenantSlug: options.tenant,
    api: options.api,
    apiKeyFile: options.apiKeyFile,
  };
}

/** How this installation runs its own verbs in another process. */
export function ownCommand(): SystemOptions['command'] {
  return { program: process.execPath, args: [`${PACKAGE_ROOT}bin/reos.js`] };
}

/** The start options that the settings give. */
export function systemOptions(context: CommandContext, extra: Pick<SystemOptions, 'services'>): SystemOptions {
  const { settings, output } = context;
  return {
    ...settings,
    ...extra,
    logger: context.logger,
    command: ownCommand(),
    onProgress: (message) => output.progress(message),
  };
}

/**
 * Runs the work on the running system, or starts the parts it needs for its own duration and stops them after.
 * @param needs `services` when workers and the API must run too
 */
export async function useSystem<T>(
  context: CommandContext,
  needs: { services: boolean },
  work: (system: OpenSystem) => Promise<T>,
): Promise<T> {
  const running = readRunningSystem(reosHome(context.settings.home));
  if (running !== null) {
    if (needs.services && running.apiUrl === null) {
      throw new ReosError(
        'conflict',
        `Another reos command (process ${running.pid}) uses the parts of ${context.settings.home} right now, without workers. Try again when it has ended.`,
      );
    }
    return withConnections(context, running, false, work);
  }
  const { startSystem } = await import('../runtime/system.ts');
  const started = await startSystem(systemOptions(context, needs));
  const stopOnSignal = () => {
    void started.stop().finally(() => process.exit(130));
  };
  process.once('SIGINT', stopOnSignal);
  process.once('SIGTERM', stopOnSignal);
  try {
    return await Promise.race([withConnections(context, started, true, work), started.broken]);
  } finally {
    process.off('SIGINT', stopOnSignal);
    process.off('SIGTERM', stopOnSignal);
    await started.stop();
  }
}

async function withConnections<T>(
  context: CommandContext,
  system: RunningSystem,
  isOwn: boolean,
  work: (system: OpenSystem) => Promise<T>,
): Promise<T> {
  const { connect } = await import('../db/connect.ts');
  const db = connect({ url: system.databaseUrl, logger: context.logger, max: 5, applicationName: 'reos cli' });
  let client: Promise<Client> | undefined;
  const temporal = (): Promise<Client> => {
    client ??= import('../client/connect.ts').then(({ connectTemporal }) =>
      connectTemporal({ address: system.temporalAddress, env: context.settings.env }),
    );
    return client;
  };
  try {
    return await work({
      ...system,
      db,
      isOwn,
      temporal,
      lifecycles: async () => {
        const { createLifecycles } = await import('../client/lifecycles.ts');
        return createLifecycles(await temporal());
      },
      counties: async () => {
        const { openCounties } = await import('../config/county-index.ts');
        return openCounties(context.settings.configDir);
      },
    });
  } finally {
    await db.close();
    await (await client?.catch(() => undefined))?.connection.close();
  }
}

/**
 * The tenant a command is about: the one named, else the only one, else the demo's.
 * @throws ReosError `not_found` with the slugs that exist
 */
export async function chooseTenant(context: CommandContext, db: Database): Promise<Tenant> {
  return withSystem(db, 'the tenant of a command', async (trx) => {
    const tenants = await listTenants(trx);
    if (context.tenantSlug !== undefined) {
      const named = await findTenant(trx, context.tenantSlug);
      if (named) return named;
      throw new ReosError(
        'not_found',
        `There is no tenant '${context.tenantSlug}'. Known: ${tenants.map(({ slug }) => slug).join(', ') || 'none'}.`,
      );
    }
    const chosen = tenants.length === 1 ? tenants[0] : tenants.find(({ slug }) => slug === 'demo');
    if (chosen) return chosen;
    throw new ReosError(
      'not_found',
      tenants.length === 0
        ? 'There is no tenant yet. Run `reos demo`, or import a file: reos import FILE --county king-wa'
        : `Name a tenant with --tenant: ${tenants.map(({ slug }) => slug).join(', ')}.`,
    );
  });
}

/** The tenant to write into: like `chooseTenant`, but makes it when there is none of that name, or none at all. */
export async function chooseOrMakeTenant(context: CommandContext, db: Database): Promise<Tenant> {
  const { isEmpty, named } = await withSystem(db, 'the tenant of a command', async (trx) => ({
    isEmpty: (await listTenants(trx)).length === 0,
    named: context.tenantSlug === undefined ? undefined : await findTenant(trx, context.tenantSlug),
  }));
  const slug = context.tenantSlug ?? (isEmpty ? 'main' : undefined);
  if (slug === undefined || named !== undefined) return chooseTenant(context, db);
  return withSystem(db, 'first tenant', (trx) => ensureTenant(trx, { slug, name: slug }));
}
