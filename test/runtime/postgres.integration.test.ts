import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReosHome } from '../../src/runtime/home.ts';
import { preparePostgres } from '../../src/runtime/postgres.ts';
import { locatePostgresPackage, preparePostgresBinaries } from '../../src/runtime/postgres-binaries.ts';
import { knownDataDir } from '../../src/runtime/postgres-cluster.ts';
import { chooseServerUser } from '../../src/runtime/postgres-user.ts';
import { type SupervisedProcess, superviseProcess } from '../../src/runtime/supervisor.ts';
import { temporaryHome, until } from './support.ts';

const isRoot = process.getuid?.() === 0;
let cleanUp: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  cleanUp = [];
});

function homeFor(options: { closed?: boolean } = {}): ReosHome {
  const { home, remove } = temporaryHome(options);
  cleanUp.push(remove);
  return home;
}

async function start(home: ReosHome): Promise<{ url: string; server: SupervisedProcess; port: number | null }> {
  const { url, port, process } = await preparePostgres(home, {});
  const server = await superviseProcess(home, process!);
  cleanUp.push(() => server.stop());
  return { url, server, port };
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client
    .query<Row>(text)
    .then((result) => result.rows)
    .finally(() => client.end().catch(() => undefined));
}

const works = (url: string) =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  );

describe('embedded Postgres', () => {
  it('keeps data through kill -9, a stop and a new start, in a path with a space', async () => {
    const home = homeFor();
    const { url, server, port } = await start(home);
    await query(url, 'create table kept as select generate_series(1, 1000) as n');
    const holder = new pg.Client({ connectionString: url });
    holder.on('error', () => undefined);
    await holder.connect();
    const killed = server.pid()!;
    process.kill(killed, 'SIGKILL');
    await until(async () => server.pid() !== killed && (await works(url)), 20_000);
    expect(await query(url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
    await server.stop();
    expect(await works(url)).toBe(false);
    const again = await start(home);
    expect(again.port).toBe(port);
    expect(await query(again.url, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  });

  it('is made for us: UTF-8, fixed order, passwords, loopback, durable', async () => {
    const { url } = await start(homeFor());
    const [row] = await query(
      url,
      `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as listen,
        current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, upper('é') as upper,
        (select datlocale from pg_database where datname = 'postgres') as locale`,
    );
    expect(row).toEqual({
      encoding: 'UTF8',
      listen: '127.0.0.1',
      fsync: 'on',
      commit: 'on',
      upper: 'É',
      locale: 'C.UTF-8',
    });
    await expect(query(url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
  });

  it('starts although the pid file names a pid that is another program by now', async () => {
    const home = homeFor();
    const { server } = await start(home);
    const pidFile = join(knownDataDir(home)!, 'postmaster.pid');
    const left = readFileSync(pidFile, 'utf8');
    await server.stop();
    writeFileSync(pidFile, left.replace(/^\d+/, String(process.ppid)));
    expect(await works((await start(home)).url)).toBe(true);
  });

  it('says so when the data is gone instead of starting empty', async () => {
    const home = homeFor();
    await (await start(home)).server.stop();
    rmSync(knownDataDir(home)!, { recursive: true });
    await expect(preparePostgres(home, {})).rejects.toThrow(/which is gone/);
  });

  it.runIf(isRoot)('finds a folder that the server’s user can enter when root’s home is closed', async () => {
    const home = homeFor({ closed: true });
    const { url, server } = await start(home);
    expect(knownDataDir(home)!.startsWith(home.root)).toBe(false);
    await query(url, 'create table kept as select 1 as n');
    await server.stop();
    expect(await query((await start(home)).url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('makes missing library links, in a copy where node_modules cannot be used', async () => {
    const home = homeFor();
    const folder = mkdtempSync(join(tmpdir(), 'reos-package-'));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    const found = locatePostgresPackage();
    const nativeDir = join(folder, 'native');
    cpSync(found.nativeDir, nativeDir, { recursive: true, verbatimSymlinks: true });
    const links = JSON.parse(readFileSync(join(nativeDir, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    for (const { target } of links) rmSync(join(folder, target), { force: true });
    if (!isRoot) chmodSync(join(nativeDir, 'lib'), 0o555);
    const prepared = await preparePostgresBinaries(home, await chooseServerUser(), {
      nativeDir,
      packageVersion: 'copied',
    });
    if (!isRoot) chmodSync(join(nativeDir, 'lib'), 0o755);
    expect(prepared.version).toMatch(/^18\./);
    expect(prepared.binDir).toBe(join(home.cache, 'postgres-copied', 'bin'));
    expect(
      links.every(({ target }) => existsSync(join(home.cache, 'postgres-copied', target.replace('native/', '')))),
    ).toBe(true);
  });

  it.runIf(isRoot && existsSync('/usr/bin/setpriv'))('runs for a user who is not root', () => {
    const base = mkdtempSync(join(tmpdir(), 'reos nobody '));
    cleanUp.push(() => rmSync(base, { recursive: true, force: true }));
    chownSync(base, 65534, 65534);
    const [home, postgres, supervisor] = ['home', 'postgres', 'supervisor'].map(
      (name) => pathToFileURL(`src/runtime/${name}.ts`).href,
    );
    const code = `import { reosHome } from '${home}'; import { preparePostgres } from '${postgres}'; import { superviseProcess } from '${supervisor}';
      const home = reosHome(${JSON.stringify(join(base, 'home'))}); const prepared = await preparePostgres(home, {});
      const server = await superviseProcess(home, prepared.process); process.stdout.write(process.getuid() + ' ' + prepared.dataDir); await server.stop();`;
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', code];
    const result = spawnSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', ...node], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: base, TMPDIR: base },
    });
    expect(result.stderr).toBe('');
    expect(result.stdout).toBe(`65534 ${join(base, 'home', 'postgres', 'data')}`);
  });
});

describe('an external Postgres', () => {
  it('is used as given and reports its version', async () => {
    const { url } = await start(homeFor());
    const external = await preparePostgres(homeFor(), { databaseUrl: url });
    expect(external).toMatchObject({ url, source: 'DATABASE_URL', process: null });
    expect(external.version).toMatch(/^18\./);
  });
});
