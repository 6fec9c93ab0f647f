import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { browserRungs } from '../../src/runtime/browser.ts';
import { browsersInPuppeteerFolder, systemBrowsers } from '../../src/runtime/browser-candidates.ts';
import { diagnose } from '../../src/runtime/doctor.ts';
import type { ReosHome } from '../../src/runtime/home.ts';
import { climb, lookAt } from '../../src/runtime/ladder.ts';
import { preparePostgres } from '../../src/runtime/postgres.ts';
import { dynamicConfig, externalTemporal, serverArgs } from '../../src/runtime/temporal.ts';
import { findTemporalBinary, temporalRungs } from '../../src/runtime/temporal-binary.ts';
import { temporalArchiveUrl } from '../../src/runtime/temporal-download.ts';
import { script, temporaryHome } from './support.ts';

const says = (server: string) => `echo "temporal version 1.5.1 (Server ${server}, UI 2.42.1)"`;
const unreachable = 'http://127.0.0.1:2/archive';

let home: ReosHome;
let remove: () => void;
beforeEach(() => {
  ({ home, remove } = temporaryHome());
});
afterEach(() => remove());

const pathOf = (name: string) => join(home.root, name);

describe('climb', () => {
  it('keeps each reason and names the next step', async () => {
    const fails = (name: string) => ({ name, find: () => Promise.reject(new Error(`${name} broke`)) });
    const error = await climb('The thing', [fails('a'), fails('b')], 'buy one.').catch((caught) => caught);
    expect(error).toMatchObject({ code: 'missing_part' });
    expect(error.message).toMatch(/The thing cannot be had[\s\S]*1\. a: a broke[\s\S]*2\. b: b broke[\s\S]*buy one\./);
  });

  it('looks without touching the heavy rungs', async () => {
    const heavy = {
      name: 'heavy',
      heavy: true,
      plan: () => 'would work',
      find: () => Promise.reject(new Error('ran')),
    };
    expect(await lookAt([heavy])).toMatchObject({ found: null, rung: 'heavy', plan: 'would work' });
  });
});

describe('the Temporal ladder', () => {
  it('takes the one on PATH, then the one in the cache', async () => {
    script(home.cache, 'temporal-old', says('1.29.1'));
    const onPath = script(pathOf('bin'), 'temporal', says('1.30.0'));
    expect(await findTemporalBinary(home, { env: { PATH: pathOf('bin') } })).toMatchObject({
      path: onPath,
      source: 'PATH',
      serverVersion: '1.30.0',
    });
    expect(await findTemporalBinary(home, { env: { PATH: '' } })).toMatchObject({ source: 'cache' });
  });

  it('skips one that is too old or broken, and says so', async () => {
    script(pathOf('bin'), 'temporal', says('1.22.0'));
    script(home.cache, 'temporal', 'exit 3');
    const search = findTemporalBinary(home, { env: { PATH: pathOf('bin') }, downloadUrl: unreachable });
    await expect(search).rejects.toMatchObject({ code: 'missing_part' });
    const message = await search.catch((error: Error) => error.message);
    expect(message).toMatch(/1\.22\.0; 1\.28 or newer/);
    expect(message).toMatch(/does not run as the Temporal CLI/);
    expect(message).toMatch(/official download: http:\/\/127\.0\.0\.1:2.*ECONNREFUSED/);
    expect(message).toMatch(/go is not on PATH/);
    expect(message).toMatch(/TEMPORAL_ADDRESS/);
  });

  it('builds with Go, once, also when two processes want it', async () => {
    const go = `echo built >> "${pathOf('builds')}"; sleep 0.2; printf '#!/bin/sh\\n${says('1.29.1').replaceAll('"', '\\"')}\\n' > "$GOBIN/temporal"; chmod 755 "$GOBIN/temporal"; [ "$CGO_ENABLED" = 0 ]`;
    script(pathOf('bin'), 'go', go.replaceAll('\\"', '"'));
    const env = { PATH: `${pathOf('bin')}:/usr/bin:/bin` };
    const both = await Promise.all([1, 2].map(() => findTemporalBinary(home, { env, downloadUrl: unreachable })));
    expect(both.map((binary) => binary.source).sort()).toEqual(['cache', 'go install']);
    expect(both[0]!.path).toBe(join(home.cache, 'temporal-v1.5.1'));
    expect(await lookAt(temporalRungs(home, { env }))).toMatchObject({ rung: `temporal in ${home.cache}` });
  });

  it('refuses a download that is not the program', async () => {
    const server = createServer((_request, response) => response.end('<html>login</html>'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const downloadUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const search = findTemporalBinary(home, { env: { PATH: '/nowhere' }, downloadUrl });
    await expect(search).rejects.toThrow(/cannot be unpacked|ENOENT/);
    server.close();
  });

  it('asks for this machine’s archive', () => {
    expect(temporalArchiveUrl('v1.5.1')).toMatch(/\/v1\.5\.1\?platform=\w+&arch=\w+$/);
  });

  it('gives each search attribute its own flag and keeps the database file in one argument', () => {
    const args = serverArgs('/a b/temporal.db', { port: 1, uiPort: 2, httpPort: 3, metricsPort: 4 });
    expect(args.filter((arg) => arg === '--search-attribute')).toHaveLength(8);
    expect(args).toContain('BirdDogScore=Double');
    expect(args[args.indexOf('--db-filename') + 1]).toBe('/a b/temporal.db');
  });

  it('tells the embedded server the same settings as the one of the containers', async () => {
    const ofContainers = parse(await readFile('deploy/temporal/dynamic-config.yaml', 'utf8')) as object;
    expect(ofContainers).toEqual(
      Object.fromEntries(Object.entries(dynamicConfig).map(([key, value]) => [key, [{ value }]])),
    );
    const args = serverArgs('db', { port: 1, uiPort: 2, httpPort: 3, metricsPort: 4 });
    const told = args.filter((_, at) => args[at - 1] === '--dynamic-config-value');
    expect(told).toEqual(['matching.enableFairness=true', 'matching.numTaskqueueWritePartitions=1']);
  });

  it('says clearly that an external server does not answer', async () => {
    await expect(externalTemporal('127.0.0.1:1')).rejects.toThrow(/TEMPORAL_ADDRESS/);
  });
});

describe('the Postgres ladder', () => {
  it('says clearly that an external server does not answer, without its password', async () => {
    const attempt = preparePostgres(home, { databaseUrl: 'postgres://me:secret@127.0.0.1:1/db' });
    await expect(attempt).rejects.toMatchObject({ code: 'missing_part' });
    const message = await attempt.catch((error: Error) => error.message);
    expect(message).toContain('me:***@127.0.0.1:1/db');
    expect(message).not.toContain('secret');
  });
});

describe('the browser ladder', () => {
  it('finds browsers on PATH and newest first in puppeteer’s folder', () => {
    const chrome = script(pathOf('bin'), 'google-chrome', 'exit 1');
    expect(systemBrowsers({ PATH: pathOf('bin') }, [])).toEqual([chrome]);
    const old = script(pathOf('p/chrome/linux-99.0.1/chrome-linux64'), 'chrome', '');
    const newer = script(pathOf('p/chrome/linux-147.0.1/chrome-linux64'), 'chrome', '');
    mkdirSync(pathOf('p/chrome/linux-148.0.0/chrome-linux64'), { recursive: true });
    expect(browsersInPuppeteerFolder(pathOf('p'))).toEqual([newer, old]);
  });

  it('refuses a browser that does not launch and keeps its reason', async () => {
    const broken = script(pathOf('bin'), 'chromium', 'echo "no display" >&2; exit 7');
    const env = { PATH: '', PUPPETEER_EXECUTABLE_PATH: broken, PUPPETEER_CACHE_DIR: pathOf('none') };
    const view = await lookAt(browserRungs({ home, env }, []));
    expect(view.reasons[0]).toMatch(/PUPPETEER_EXECUTABLE_PATH: .*chromium: it does not launch/);
    expect(view.plan).toMatch(/would be/);
    expect(view.broken).toEqual([view.reasons[0]]);
  });
});

describe('diagnose', () => {
  it('reports every part, creates nothing, and says what to do', async () => {
    const env = { PATH: '', PUPPETEER_CACHE_DIR: pathOf('none') };
    const reports = await diagnose({ home, env, temporalAddress: '127.0.0.1:1', browserPlaces: [] });
    expect(reports.map((report) => report.part)).toEqual([
      'node',
      'postgres',
      'temporal',
      'browser',
      'lightgbm',
      'storage',
    ]);
    expect(reports[0]).toMatchObject({ status: 'ok', version: process.versions.node });
    expect(reports[2]).toMatchObject({ status: 'wrong', source: 'TEMPORAL_ADDRESS' });
    expect(reports[2]!.next_step).toMatch(/TEMPORAL_ADDRESS/);
    const bare = await diagnose({ home, env, browserPlaces: [] });
    expect(bare[2]!.detail).not.toContain('passed over');
    expect(bare[2]).toMatchObject({ status: 'warn', source: 'official download' });
    expect(existsSync(home.root)).toBe(false);
  });
});
