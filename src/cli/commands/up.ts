import { setTimeout as sleep } from 'node:timers/promises';
import { connectTemporal } from '../../client/connect.ts';
import { reconcileSchedules } from '../../client/reconcile.ts';
import { declareSchedules } from '../../client/schedules.ts';
import { openCounties } from '../../config/county-index.ts';
import { connect } from '../../db/connect.ts';
import { type DemoSignIn, readDemoSignIn } from '../../demo/demo-user.ts';
import { type OfflineProviders, standInWhileOffline } from '../../demo/offline-providers.ts';
import { ReosError } from '../../domain/errors.ts';
import { reosHome } from '../../runtime/home.ts';
import { type RunningSystem, readRunningSystem } from '../../runtime/state.ts';
import { startSystem } from '../../runtime/system.ts';
import { type CommandContext, systemOptions } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { hasPeople } from './tenant.ts';

/** `reos up`: everything on this machine, in front, until Ctrl-C. */
export const up: Verb = {
  localOnly: 'It is about the parts of this machine: run it there.',
  describe: (command) =>
    command
      .description('Start Postgres, Temporal, workers and the API, and stay in front until Ctrl-C')
      .option('--real-only', 'never simulate the free public services, not even while this machine is offline')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos up\n  $ TEMPORAL_ADDRESS=temporal.example.com:7233 DATABASE_URL=postgres://… reos up',
      ),
  async run(context, _args, options) {
    const system = await startSystem(systemOptions(context, { services: true }));
    let standIn: OfflineProviders | undefined;
    try {
      standIn = await standInFor(context, options.realOnly === true);
      const changes = await applySchedules(context, system);
      const hint = await signInHint(context, system);
      const changed = changes.filter(({ change }) => change !== 'unchanged').length;
      const signIn = await readDemoSignIn(context.settings.home);
      const providers = standIn?.isSimulating() ? `Public services  ${SIMULATED}\n` : '';
      context.output.answer(
        { ...describe(system), dashboard: system.apiUrl, sign_in_file: signIn?.file ?? null },
        `${dashboardText(system, signIn)}${upText(system)}\nSchedules        ${changes.length} declared, ${changed} changed\n${providers}${hint}\nCtrl-C stops everything; data stays in ${context.settings.home}.`,
      );
      await Promise.race([untilStopped(), system.broken]);
    } finally {
      context.output.progress('stopping');
      await standIn?.stop();
      await system.stop();
    }
  },
};

const SIMULATED =
  'simulated, because none can be reached from here; their values are marked as such (--real-only: never)';

/** The free public services while this machine is offline. Whoever has set an address of theirs has decided otherwise. */
async function standInFor({ settings, output }: CommandContext, isRealOnly: boolean) {
  if (isRealOnly || Object.keys(settings.providerBaseUrls).length > 0) return undefined;
  return standInWhileOffline({
    home: settings.home,
    userAgent: settings.userAgent,
    onChange: (isSimulating) =>
      output.progress(`public services: ${isSimulating ? SIMULATED : 'they answer again, nothing is simulated'}`),
  });
}

/** Where to look first, and how to sign in when the demonstration has run here. */
function dashboardText(system: RunningSystem, signIn: DemoSignIn | null): string {
  const demo = signIn === null ? '' : `Demo sign-in     ${signIn.email}  with  ${signIn.password}\n`;
  return `Dashboard        ${system.apiUrl ?? 'not started'}\n${demo}`;
}

async function applySchedules(context: CommandContext, system: RunningSystem) {
  const counties = await openCounties(context.settings.configDir);
  const client = await connectTemporal({ address: system.temporalAddress, env: context.settings.env });
  try {
    return await reconcileSchedules(client, declareSchedules(counties.all));
  } finally {
    await client.connection.close();
  }
}

/** What to do while nobody can sign in: there is no default password. */
async function signInHint(context: CommandContext, system: RunningSystem): Promise<string> {
  const db = connect({ url: system.databaseUrl, logger: context.logger, max: 1, applicationName: 'reos cli' });
  try {
    return (await hasPeople(db))
      ? ''
      : 'Sign-in          nobody can yet. Make an organisation on the dashboard, or here: reos tenant create NAME, then reos user add EMAIL --role admin\n';
  } finally {
    await db.close();
  }
}

/** Resolves at Ctrl-C or SIGTERM. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setInterval(() => undefined, 60_000);
    const stop = () => {
      clearInterval(keepAlive);
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  });
}

/** `reos down`: ends a running `reos up` (or any verb that holds the parts) in good order. */
export const down: Verb = {
  localOnly: 'It is about the parts of this machine: run it there.',
  describe: (command) =>
    command.description('Stop the running system of this home').addHelpText('after', '\nExample:\n  $ reos down'),
  async run({ settings, output }) {
    const home = reosHome(settings.home);
    const running = readRunningSystem(home);
    if (running === null) {
      output.answer({ stopped: false, reason: 'not running' }, `Nothing runs in ${settings.home}.`);
      return;
    }
    process.kill(running.pid, 'SIGTERM');
    for (let waited = 0; waited < 60_000; waited += 250) {
      if (readRunningSystem(home) === null) {
        output.answer(
          { stopped: true, pid: running.pid },
          `Stopped (process ${running.pid}). Data stays in ${settings.home}.`,
        );
        return;
      }
      await sleep(250);
    }
    throw new ReosError(
      'transient',
      `Process ${running.pid} has not ended within 60 s. Look at ${home.logs}, then end it by hand.`,
    );
  },
};

/** `reos status`: what runs, and where. */
export const status: Verb = {
  localOnly: 'It is about the parts of this machine: run it there.',
  describe: (command) =>
    command.description('Show what runs and where').addHelpText('after', '\nExample:\n  $ reos status --json'),
  async run({ settings, output }) {
    const running = readRunningSystem(reosHome(settings.home));
    if (running === null) {
      output.answer(
        { running: false, home: settings.home },
        `Nothing runs in ${settings.home}. Start it with: reos up`,
      );
      return;
    }
    output.answer({ running: true, home: settings.home, ...describe(running) }, upText(running));
  },
};

function describe({ pid, startedAt, temporalAddress, temporalUiUrl, apiUrl, parts }: RunningSystem) {
  return {
    pid,
    started_at: startedAt,
    api_url: apiUrl,
    temporal_address: temporalAddress,
    temporal_ui_url: temporalUiUrl,
    parts,
  };
}

function upText(system: RunningSystem): string {
  const rows = system.parts.map(({ name, source, version, port }) => ({
    part: name,
    port: port ?? '',
    version: version ?? '',
    source,
  }));
  return [
    `API              ${system.apiUrl ?? 'not started'}`,
    `Temporal Web UI  ${system.temporalUiUrl ?? 'see your Temporal server'}`,
    `Temporal         ${system.temporalAddress}`,
    '',
    table(rows, ['part', 'port', 'version', 'source']),
    '',
  ].join('\n');
}
