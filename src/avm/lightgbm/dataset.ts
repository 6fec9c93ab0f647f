import { ReosError } from '../../domain/errors.ts';
import { codes, type Handle, type Library } from './library.ts';
import { ownMemory } from './owned-memory.ts';
import { type Params, parameterText } from './parameters.ts';

/** What a data set is made of. */
export type DatasetInput = {
  /** Row-major, rows × cols; NaN is missing. Not kept: it may be reused afterwards. */
  values: Float64Array;
  rows: number;
  cols: number;
  /** One finite number per row. Kept as 32-bit floats, as LightGBM has it. */
  label?: Float64Array | Float32Array;
  /** One number ≥ 0 per row, not all 0. */
  weight?: Float64Array | Float32Array;
  /** One per column, distinct, without spaces. Default: Column_0, Column_1, … */
  featureNames?: readonly string[];
  /** Columns whose values are codes (whole numbers ≥ 0; a negative one counts as missing). */
  categorical?: readonly number[];
  /** The training set whose bins a validation set shares. */
  reference?: Dataset;
  /** Only what concerns binning: max_bin, min_data_in_bin, … */
  params?: Params;
};

/** Binned rows inside the library. */
export type Dataset = Readonly<{
  rows: number;
  cols: number;
  labelled: boolean;
  /** True when every label is the same number: there is nothing to learn. */
  constantLabel: boolean;
  reference: Dataset | null;
  /** Gives the memory back; harmless when called twice. Refused while a training uses the set. */
  free: () => void;
  /** For this module: the pointer, or a refusal after `free`. */
  handle: () => Handle;
  /** For this module: marks the set as in use until the returned function is called. */
  hold: () => () => void;
}>;

/**
 * Bins the rows (blocks the event loop: about 0.5 s for 200,000 × 35).
 * @throws ReosError 'validation' with the field and row that is wrong, or the library's words
 */
export function createDataset(library: Library, input: DatasetInput): Dataset {
  const { values, rows, cols, reference = null, params = {}, categorical = [] } = input;
  checkMatrix(values, rows, cols);
  const label = input.label && checkedField('label', input.label, rows, Number.NEGATIVE_INFINITY);
  const weight = input.weight && checkedField('weight', input.weight, rows, 0);
  if (weight?.every((each) => each === 0)) throw refuse('each weight is 0: no row would count');
  checkColumns(input);
  const text = parameterText(params, library.parameterNames, {
    threads: library.threads,
    ...(categorical.length > 0 ? { categorical_feature: categorical } : {}),
  });
  const out = new BigUint64Array(1);
  const from = reference?.handle() ?? null;
  library.call('DatasetCreateFromMat', values, codes.float64, rows, cols, codes.rowMajor, text, from, out);
  const pointer = out[0]!;
  try {
    if (label) library.call('DatasetSetField', pointer, 'label', label, rows, codes.float32);
    if (weight) library.call('DatasetSetField', pointer, 'weight', weight, rows, codes.float32);
    if (input.featureNames) library.call('DatasetSetFeatureNames', pointer, [...input.featureNames], cols);
  } catch (error) {
    library.call('DatasetFree', pointer);
    throw error;
  }
  let holders = 0;
  const dataset: Dataset = {
    rows,
    cols,
    labelled: label !== undefined,
    constantLabel: label !== undefined && isConstant(label),
    reference,
    free() {
      if (holders > 0) throw new ReosError('conflict', 'This data set is being trained on: free it afterwards.');
      memory.free();
    },
    handle() {
      if (memory.isFreed()) throw refuse('it was freed; make it again before use');
      return pointer;
    },
    hold() {
      holders += 1;
      return () => {
        holders -= 1;
      };
    },
  };
  const memory = ownMemory(dataset, releaseDataset(library, pointer));
  return dataset;
}

function releaseDataset(library: Library, pointer: Handle): () => void {
  return () => library.call('DatasetFree', pointer);
}

function isConstant(label: Float32Array): boolean {
  return label.every((each) => each === label[0]);
}

/** @throws ReosError 'validation' when `values` is not rows × cols, or one of the two is no whole number above 0 */
export function checkMatrix(values: Float64Array, rows: number, cols: number): void {
  const sizes = [rows, cols];
  if (!sizes.every((size) => Number.isInteger(size) && size > 0 && size <= 2 ** 31 - 1)) {
    throw refuse(`${rows} rows × ${cols} columns: both must be whole numbers above 0`);
  }
  if (values.length !== rows * cols) {
    throw refuse(`${values.length} values are not ${rows} rows × ${cols} columns (${rows * cols})`);
  }
}

function checkedField(name: string, field: Float64Array | Float32Array, rows: number, least: number): Float32Array {
  if (field.length !== rows) throw refuse(`${field.length} ${name}s for ${rows} rows`);
  const stored = field instanceof Float32Array ? field : Float32Array.from(field);
  const at = stored.findIndex((each) => !(Number.isFinite(each) && each >= least));
  if (at >= 0)
    throw refuse(`the ${name} of row ${at} is ${field[at]}: a finite number${least === 0 ? ' ≥ 0' : ''} is needed`);
  return stored;
}

function checkColumns({ cols, featureNames, categorical = [], reference }: DatasetInput): void {
  if (reference && reference.cols !== cols) throw refuse(`${cols} columns, but its reference has ${reference.cols}`);
  const wrong = categorical.find((column) => !Number.isInteger(column) || column < 0 || column >= cols);
  if (wrong !== undefined) throw refuse(`the categorical column ${wrong} is not among 0–${cols - 1}`);
  if (!featureNames) return;
  if (featureNames.length !== cols) throw refuse(`${featureNames.length} feature names for ${cols} columns`);
  const odd = featureNames.find((name, at) => !/^[^\s",:[\]{}]+$/.test(name) || featureNames.indexOf(name) !== at);
  if (odd !== undefined)
    throw refuse(`the feature name '${odd}' is empty, given twice or holds a space or one of ",:[]{}`);
}

function refuse(what: string): ReosError {
  return new ReosError('validation', `LightGBM data set: ${what}`);
}
