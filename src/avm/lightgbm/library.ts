import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import koffi, { type LibraryHandle } from 'koffi';
import { messageOf, ReosError } from '../../domain/errors.ts';

/** A pointer of the library; 0n is none. */
export type Handle = bigint;

/** Typed arrays go to the library by pointer, without a copy. */
type Pointer = NodeJS.TypedArray | Handle | null;

/**
 * The functions of LightGBM's C API that are used, each throwing ReosError 'validation' with the library's own words
 * (https://lightgbm.readthedocs.io/en/v4.6.0/C-API.html). All are called on the main thread: the library keeps its
 * last error and its log level per thread.
 */
export type Library = Readonly<{
  path: string;
  /** Threads of each call that has some to spare. */
  threads: number;
  /** Threads of a training on so many rows. */
  trainingThreads: (rows: number) => number;
  /** The library's name of each parameter, by each of its aliases (and by itself). */
  parameterNames: ReadonlyMap<string, string>;
  call: (name: FunctionName, ...args: (Pointer | number | string | string[])[]) => void;
  /** Bare functions for the paths on which a microsecond counts; the caller checks the return value (0 is success). */
  bare: { predictOne: (fast: Handle, row: Float64Array, length: BigInt64Array, out: Float64Array) => number };
  /** The error of the last bare call. */
  failure: (name: string) => ReosError;
}>;

const signatures = {
  DatasetCreateFromMat: ['void *', 'int', 'int32_t', 'int32_t', 'int', 'str', 'void *', 'void *'],
  DatasetSetField: ['void *', 'str', 'void *', 'int', 'int'],
  DatasetSetFeatureNames: ['void *', 'str *', 'int'],
  DatasetFree: ['void *'],
  BoosterCreate: ['void *', 'str', 'void *'],
  BoosterAddValidData: ['void *', 'void *'],
  BoosterUpdateOneIter: ['void *', 'void *'],
  BoosterGetEvalCounts: ['void *', 'void *'],
  BoosterGetEvalNames: ['void *', 'int', 'void *', 'size_t', 'void *', 'void *'],
  BoosterGetEval: ['void *', 'int', 'void *', 'void *'],
  BoosterSaveModelToString: ['void *', 'int', 'int', 'int', 'int64_t', 'void *', 'void *'],
  BoosterLoadModelFromString: ['str', 'void *', 'void *'],
  BoosterGetNumFeature: ['void *', 'void *'],
  BoosterNumModelPerIteration: ['void *', 'void *'],
  BoosterFeatureImportance: ['void *', 'int', 'int', 'void *'],
  BoosterPredictForMat: [
    ...['void *', 'void *', 'int', 'int32_t', 'int32_t', 'int', 'int', 'int', 'int', 'str', 'void *', 'void *'],
  ],
  BoosterPredictForMatSingleRowFastInit: ['void *', 'int', 'int', 'int', 'int', 'int32_t', 'str', 'void *'],
  BoosterFree: ['void *'],
  FastConfigFree: ['void *'],
} satisfies Record<string, string[]>;

/** Functions by their name without LightGBM's prefix. */
export type FunctionName = keyof typeof signatures;

/** Codes of the C API. */
export const codes = { float32: 0, float64: 1, rowMajor: 1, raw: 1, leaf: 2, contributions: 3, gain: 1 } as const;

/**
 * Loads the library. A `libgomp.so.1` that lies beside it is loaded first, for systems that have none.
 * @param path of lib_lightgbm.so, .dylib or .dll
 * @throws ReosError 'missing_part' when it does not load or is not LightGBM
 */
export function loadLibrary(path: string, threads: number, trainingThreads: Library['trainingThreads']): Library {
  try {
    waitWithoutSpinning();
    const beside = join(dirname(path), 'libgomp.so.1');
    if (existsSync(beside)) koffi.load(beside, { global: true });
    return bind(koffi.load(path), path, { threads, trainingThreads });
  } catch (error) {
    throw new ReosError(
      'missing_part',
      `The LightGBM library ${path} does not load: ${messageOf(error)}. Next step: run "reos doctor", or set LIGHTGBM_LIBRARY to one that loads.`,
      { cause: error, details: { part: 'LightGBM' } },
    );
  }
}

/**
 * OpenMP's threads spin while they wait, which takes the processors from Postgres and all else here: measured on two
 * shared cores, 200 rounds took 58 s spinning and 9 s not. Read when libgomp loads; a value that is set stays.
 */
function waitWithoutSpinning(): void {
  if (process.platform === 'win32') return;
  koffi.load(null).func('int setenv(str name, str value, int overwrite)')('OMP_WAIT_POLICY', 'passive', 0);
}

function bind(handle: LibraryHandle, path: string, use: Pick<Library, 'threads' | 'trainingThreads'>): Library {
  const lastError = handle.func('LGBM_GetLastError', 'str', []);
  const failure = (name: string) =>
    new ReosError('validation', `LightGBM refuses (${name}): ${String(lastError())}`, { details: { call: name } });
  const functions = Object.fromEntries(
    Object.entries(signatures).map(([name, types]) => [name, handle.func(`LGBM_${name}`, 'int', types)]),
  );
  const predictOne = handle.func('LGBM_BoosterPredictForMatSingleRowFast', 'int', [
    ...['void *', 'void *', 'void *', 'void *'],
  ]) as unknown as Library['bare']['predictOne'];
  return {
    path,
    ...use,
    parameterNames: readParameterNames(handle),
    call(name, ...args) {
      if (functions[name]!(...args) !== 0) throw failure(name);
    },
    bare: { predictOne },
    failure,
  };
}

/** The metrics of a booster under training, in the order in which their values come. */
export function readMetricNames(library: Library, booster: Handle): string[] {
  const count = new Int32Array(1);
  library.call('BoosterGetEvalCounts', booster, count);
  const width = 128;
  const texts = Buffer.alloc(Math.max(1, count[0]!) * width);
  const start = koffi.address(texts);
  const places = BigUint64Array.from({ length: count[0]! }, (_, at) => start + BigInt(at * width));
  const needed = new BigUint64Array(1);
  library.call('BoosterGetEvalNames', booster, count[0]!, count, width, needed, places);
  return Array.from(places, (_, at) => texts.toString('utf8', at * width, texts.indexOf(0, at * width)));
}

/** The library itself knows which parameters it has, so a misspelt one need not pass in silence. */
function readParameterNames(handle: LibraryHandle): Map<string, string> {
  const dump = handle.func('LGBM_DumpParamAliases', 'int', ['int64_t', 'void *', 'void *']);
  const length = new BigInt64Array(1);
  dump(0, length, null);
  const text = Buffer.alloc(Number(length[0]));
  dump(text.length, length, text);
  const aliases = JSON.parse(text.toString('utf8').replace(/\0+$/, '')) as Record<string, string[]>;
  return new Map(Object.entries(aliases).flatMap(([name, others]) => [name, ...others].map((word) => [word, name])));
}
