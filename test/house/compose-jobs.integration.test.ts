import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createBucket } from '../../deploy/jobs/create-bucket.ts';
import { prepareDatabases } from '../../deploy/jobs/prepare-databases.ts';
import { migrate } from '../../src/db/migrate.ts';
import { choosePort } from '../../src/runtime/ports.ts';
import { searchAttributes } from '../../src/runtime/temporal.ts';
import { onServer } from '../support/database.ts';

const run = promisify(execFile);

/** A program on PATH, or undefined. */
const onPath = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
const gateway = onPath('versitygw');
const schemaDir = onPath('temporal-sql-tool') && process.env['TEMPORAL_SCHEMA_DIR'];

/** A URL of the test server with another login and database. */
function urlOf(user: string, password: string, database: string): string {
  const url = new URL(inject('adminUrl'));
  Object.assign(url, { username: user, password, pathname: `/${database}` });
  return url.toString();
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the job that prepares the databases', () => {
  const temporal = { user: 'temporal', password: "it's-long-enough" };
  const setup = () => ({
    adminUrl: inject('adminUrl'),
    // The server is shared with other tests, which log in with this one.
    reosPassword: inject('loginPassword'),
    temporalPassword: temporal.password,
  });

  beforeAll(() => prepareDatabases(setup()));
  afterAll(async () => {
    for (const name of ['reos', 'temporal', 'temporal_visibility']) {
      await onServer(`drop database if exists ${name} with (force)`);
    }
    await onServer('drop role if exists temporal');
  });

  it('lets the product migrate with its own login, which is no superuser', async () => {
    const url = urlOf('reos', inject('loginPassword'), 'reos');
    const report = await migrate(url);
    expect(report.applied.length).toBeGreaterThan(0);
    expect(
      await ask(url, 'select rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user'),
    ).toEqual([{ rolsuper: false, rolcreaterole: false, rolbypassrls: false }]);
  });

  it('gives Temporal both databases to make tables in', async () => {
    for (const name of ['temporal', 'temporal_visibility']) {
      const url = urlOf(temporal.user, temporal.password, name);
      await ask(url, 'create table made_by_temporal (id int)');
      expect(await ask(url, 'select count(*)::int as n from made_by_temporal')).toEqual([{ n: 0 }]);
    }
  });

  const schemaTitle = schemaDir
    ? 'lets the schema job fill both, and run again without harm'
    : "the schema job (skipped: put temporal-sql-tool on PATH and set TEMPORAL_SCHEMA_DIR to the server's schema/postgresql/v12)";
  it.skipIf(!schemaDir)(schemaTitle, async () => {
    const { hostname, port } = new URL(inject('adminUrl'));
    const login = { SQL_USER: temporal.user, SQL_PASSWORD: temporal.password };
    const env = { ...process.env, ...login, SQL_PLUGIN: 'postgres12', SQL_HOST: hostname, SQL_PORT: port };
    for (let time = 0; time < 2; time += 1) await run('/bin/sh', ['deploy/temporal/schema.sh'], { env });
    for (const [name, table] of [
      ['temporal', 'executions'],
      ['temporal_visibility', 'executions_visibility'],
    ] as const) {
      const url = urlOf(temporal.user, temporal.password, name);
      expect(await ask(url, `select count(*)::int as n from ${table}`)).toEqual([{ n: 0 }]);
    }
  });

  it('keeps each login out of the other side', async () => {
    await expect(ask(urlOf('reos', inject('loginPassword'), 'temporal'), 'select 1')).rejects.toThrow(
      /permission denied/,
    );
    await expect(ask(urlOf(temporal.user, temporal.password, 'reos'), 'select 1')).rejects.toThrow(/permission denied/);
  });

  it('runs again without harm', async () => {
    await expect(prepareDatabases(setup())).resolves.toBeUndefined();
  });
});

describe('the job that prepares the namespace', () => {
  it('makes namespace and search attributes, and runs again without harm', async () => {
    const env = {
      ...process.env,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: 'compose-test',
      TEMPORAL_RETENTION: '3d',
    };
    const script = () => run('/bin/sh', ['deploy/temporal/namespace.sh'], { env });
    await script();
    const list = ['operator', 'search-attribute', 'list', '--namespace', 'compose-test', '--output', 'json'];
    const { stdout } = await run('temporal', list, { env });
    const { customAttributes } = JSON.parse(stdout) as { customAttributes: Record<string, string> };
    expect(customAttributes).toEqual(
      Object.fromEntries(
        Object.entries(searchAttributes).map(([name, type]) => [name, `INDEXED_VALUE_TYPE_${type.toUpperCase()}`]),
      ),
    );
    expect((await script()).stdout.trim()).toBe('The namespace compose-test has its search attributes.');
  });

  it('says which server it could not reach', async () => {
    const env = { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:9', TEMPORAL_NAMESPACE: 'compose-test' };
    await expect(run('/bin/sh', ['deploy/temporal/namespace.sh'], { env })).rejects.toThrow(/127\.0\.0\.1:9/);
  });
});

describe.skipIf(gateway === undefined)(
  `the job that makes the bucket${gateway === undefined ? ' (skipped: put versitygw on PATH)' : ''}`,
  () => {
    let server: ChildProcess;
    let folder: string;
    let endpoint: string;
    const keys = { accessKeyId: 'test-access', secretAccessKey: 'test-secret-key' };
    const settings = () => ({ ...keys, endpoint, region: 'us-east-1', bucket: 'reos', forcePathStyle: true });

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'bucket-'));
      const port = await choosePort(0);
      endpoint = `http://127.0.0.1:${port}`;
      // As the compose file has it.
      const env = {
        VGW_PORT: `127.0.0.1:${port}`,
        VGW_HEALTH: '/health',
        ROOT_ACCESS_KEY: keys.accessKeyId,
        ROOT_SECRET_KEY: keys.secretAccessKey,
      };
      server = spawn(gateway!, ['posix', folder], { env, stdio: 'ignore' });
      await vi.waitFor(async () => expect((await fetch(`${endpoint}/health`)).status).toBe(200), { timeout: 10_000 });
    });
    afterAll(() => {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    });

    it('makes it once', async () => {
      expect(await createBucket(settings())).toBe(true);
      expect(await createBucket(settings())).toBe(false);
    });

    it('fails when the store refuses the key', async () => {
      await expect(createBucket({ ...settings(), secretAccessKey: 'wrong' })).rejects.toThrow();
    });
  },
);
