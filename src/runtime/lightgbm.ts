import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { messageOf } from '../domain/errors.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import { Absent, climb, type OnProgress, type Rung } from './ladder.ts';
import { addOpenMp } from './lightgbm-openmp.ts';
import { type FetchWheel, fetchFromIndex, fetchWithPip, lightgbmVersion, lightgbmWheel } from './lightgbm-wheel.ts';
import { acquireLock } from './lock-file.ts';
import { lastWords, runCommand } from './run-command.ts';

/** A LightGBM library that was loaded and answered. `version` is null for one that the operator names. */
export type FoundLightGbm = { path: string; source: string; version: string | null };

/** Inputs of the LightGBM ladder. `env` is read for LIGHTGBM_LIBRARY, PATH and pip's settings. */
export type LightGbmOptions = { home: ReosHome; env: NodeJS.ProcessEnv; onProgress?: OnProgress; indexUrl?: string };

const fileName =
  { win32: 'lib_lightgbm.dll', darwin: 'lib_lightgbm.dylib' }[process.platform as string] ?? 'lib_lightgbm.so';
const installTimeoutMs = 10 * 60_000;

/** What to do when the library cannot be had. */
export const lightgbmNextStep =
  'install libgomp (Debian: apt-get install libgomp1; macOS: brew install libomp) and Python with pip, or set LIGHTGBM_LIBRARY to a lib_lightgbm that loads. Scores by weights work without it; valuations do not.';

/**
 * The model library, downloaded when there is none (4 MB, once): ask for it only when a model is trained or used.
 * @returns its path, for `openLightGbm`
 * @throws ReosError 'missing_part' with what was tried and why each failed
 */
export async function findLightGbm(options: LightGbmOptions): Promise<FoundLightGbm> {
  return climb('LightGBM (the library of the valuation model)', lightgbmRungs(options), lightgbmNextStep);
}

/** The ladder: LIGHTGBM_LIBRARY, the home's cache, the wheel by pip, the wheel by its address. */
export function lightgbmRungs(options: LightGbmOptions): Rung<FoundLightGbm>[] {
  const { home, env } = options;
  const given = env['LIGHTGBM_LIBRARY'];
  const wheel = lightgbmWheel(process.platform, process.arch);
  const plan = () =>
    wheel ? 'would be downloaded from PyPI when a model is first trained or used (4 MB, once)' : null;
  return [
    {
      name: 'LIGHTGBM_LIBRARY',
      find: async () => {
        if (!given) throw new Absent('it is not set');
        return proveLightGbm(resolve(given), 'LIGHTGBM_LIBRARY', null, env);
      },
    },
    { name: `the library in ${home.cache}`, find: () => provenInCache(options) },
    { name: 'wheel by pip', heavy: true, plan, find: () => install(options, 'wheel by pip', fetchWithPip) },
    {
      name: 'wheel from pypi.org',
      heavy: true,
      plan,
      find: () => install(options, 'wheel from pypi.org', fetchFromIndex),
    },
  ];
}

/** Loads the library in a process of its own: what does not belong into ours might end it. */
export async function proveLightGbm(
  path: string,
  source: string,
  version: string | null,
  env: NodeJS.ProcessEnv,
): Promise<FoundLightGbm> {
  if (!existsSync(path)) throw new Error(`there is no file ${path}`);
  const script = `
    const [koffiPath, path, beside] = process.argv.slice(1);
    const koffi = require(koffiPath);
    if (require('node:fs').existsSync(beside)) koffi.load(beside, { global: true });
    const library = koffi.load(path);
    library.func('LGBM_BoosterPredictForMatSingleRowFast', 'int', ['void *', 'void *', 'void *', 'void *']);
    library.func('LGBM_DumpParamAliases', 'int', ['int64_t', 'void *', 'void *']);
    process.stdout.write('answers: ' + library.func('LGBM_GetLastError', 'str', [])());
  `;
  const koffiPath = createRequire(import.meta.url).resolve('koffi');
  const args = ['-e', script, koffiPath, path, join(path, '..', 'libgomp.so.1')];
  const result = await runCommand(process.execPath, args, { env, timeoutMs: 30_000 });
  if (result.code === 0 && result.stdout.includes('answers: ')) return { path, source, version };
  const reason = /^\w*Error: (.*)$/m.exec(result.stderr)?.[1] ?? lastWords(result);
  throw new Error(`${path} does not load: ${reason}`);
}

function cacheFolder(home: ReosHome): string {
  return join(home.cache, `lightgbm-${lightgbmVersion}`);
}

async function provenInCache({ home, env }: LightGbmOptions): Promise<FoundLightGbm> {
  const path = join(cacheFolder(home), fileName);
  if (!existsSync(path)) throw new Absent('there is none');
  return proveLightGbm(path, 'cache', lightgbmVersion, env);
}

/** Fetches and proves in a folder of its own, and only then moves it into the cache. Two processes wait for one another. */
async function install(options: LightGbmOptions, source: string, fetchWheel: FetchWheel): Promise<FoundLightGbm> {
  const { home, env, onProgress } = options;
  const wheel = lightgbmWheel(process.platform, process.arch);
  if (!wheel) throw new Error(`there is no wheel for ${process.platform} ${process.arch}`);
  ensureFolder(home, home.cache);
  const release = await acquireLock(join(home.cache, 'lightgbm.lock'), {
    what: 'The installation of LightGBM',
    waitMs: installTimeoutMs,
    onWait: (pid) => onProgress?.(`Waiting for process ${pid}, which is installing LightGBM`),
  });
  const work = join(home.cache, `installing-lightgbm-${process.pid}`);
  try {
    // Whoever held the lock before may have finished the job.
    const already = await provenInCache(options).catch(() => null);
    if (already) return already;
    const ready = join(work, 'ready');
    mkdirSync(ready, { recursive: true, mode: 0o755 });
    const entry = (await fetchWheel(wheel, work, options)).find(({ name }) => name.endsWith(`/${fileName}`));
    if (!entry) throw new Error(`${wheel.file} holds no ${fileName}`);
    const path = join(ready, fileName);
    writeFileSync(path, entry.read(), { mode: 0o755 });
    await proveLightGbm(path, source, lightgbmVersion, env).catch(async (error: unknown) => {
      if (process.platform !== 'linux' || !messageOf(error).includes('libgomp')) throw error;
      await addOpenMp(ready, work, fetchWheel, options).catch((second: unknown) => {
        throw new Error(`${messageOf(error)}; the libgomp of scikit-learn's wheel: ${messageOf(second)}`);
      });
      return proveLightGbm(path, source, lightgbmVersion, env);
    });
    const folder = cacheFolder(home);
    rmSync(folder, { recursive: true, force: true });
    renameSync(ready, folder);
    return { path: join(folder, fileName), source, version: lightgbmVersion };
  } finally {
    rmSync(work, { recursive: true, force: true });
    release();
  }
}
