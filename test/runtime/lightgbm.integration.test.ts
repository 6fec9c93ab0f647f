import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/runtime/doctor.ts';
import { findLightGbm } from '../../src/runtime/lightgbm.ts';
import { addOpenMp } from '../../src/runtime/lightgbm-openmp.ts';
import { fetchWithPip, lightgbmWheel } from '../../src/runtime/lightgbm-wheel.ts';
import { temporaryHome } from './support.ts';

const run = promisify(execFile);
const { env } = process;
const hasWheel = lightgbmWheel(process.platform, process.arch) !== null;

describe.skipIf(!hasWheel)('the LightGBM ladder, with the real wheels', () => {
  it('installs with pip once, also when two want it, and finds it again', async () => {
    const { home, remove } = temporaryHome();
    try {
      const none = { ...env, LIGHTGBM_LIBRARY: '' };
      const both = await Promise.all([1, 2].map(() => findLightGbm({ home, env: none })));
      expect(both.map(({ source }) => source).sort()).toEqual(['cache', 'wheel by pip']);
      const { path } = both[0]!;
      expect(dirname(path)).toBe(join(home.cache, 'lightgbm-4.6.0'));
      expect(await findLightGbm({ home, env: { PATH: '' } })).toEqual({ path, source: 'cache', version: '4.6.0' });
      const named = { PATH: '', LIGHTGBM_LIBRARY: path };
      expect(await findLightGbm({ home, env: named })).toEqual({ path, source: 'LIGHTGBM_LIBRARY', version: null });
      const reports = await diagnose({ home, env: named, temporalAddress: '127.0.0.1:1', browserPlaces: [] });
      expect(reports.find(({ part }) => part === 'lightgbm')).toMatchObject({ status: 'ok', next_step: null });
    } finally {
      remove();
    }
  });

  it('takes the wheel from the address that the index names where there is no pip', async () => {
    const { home, remove } = temporaryHome();
    const wheel = lightgbmWheel(process.platform, process.arch)!;
    const folder = join(home.root, 'wheels');
    mkdirSync(folder, { recursive: true });
    await fetchWithPip(wheel, folder, { env });
    const server = createServer((request, response) => {
      const json = { urls: [{ filename: wheel.file, url: `${indexUrl}/files/${wheel.file}` }] };
      const isPage = request.url === '/pypi/lightgbm/4.6.0/json';
      response.end(isPage ? JSON.stringify(json) : readFileSync(join(folder, wheel.file)));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const indexUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    try {
      expect(await findLightGbm({ home, env: { PATH: '' }, indexUrl })).toMatchObject({
        source: 'wheel from pypi.org',
      });
    } finally {
      server.close();
      remove();
    }
  });

  it.skipIf(process.platform !== 'linux')('brings a libgomp that LightGBM accepts as its own', async () => {
    const { home, remove } = temporaryHome();
    try {
      const { path } = await findLightGbm({ home, env: { ...env, LIGHTGBM_LIBRARY: '' } });
      await addOpenMp(dirname(path), home.cache, fetchWithPip, { env });
      const beside = join(dirname(path), 'libgomp.so.1');
      expect(statSync(beside).size).toBeGreaterThan(100_000);
      const script = `
        const [koffi, beside, library] = process.argv.slice(1);
        require(koffi).load(beside, { global: true });
        require(koffi).load(library);
        const maps = require('node:fs').readFileSync('/proc/self/maps', 'utf8');
        const loaded = maps.split('\\n').filter((line) => /libgomp/.test(line)).map((line) => line.slice(line.indexOf('/')));
        process.stdout.write(JSON.stringify([...new Set(loaded)]));
      `;
      const koffi = createRequire(import.meta.url).resolve('koffi');
      const { stdout } = await run(process.execPath, ['-e', script, koffi, beside, path]);
      expect(JSON.parse(stdout)).toEqual([beside]);
    } finally {
      remove();
    }
  });
});
