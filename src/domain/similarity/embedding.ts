/** Numbers of an embedding, as the database keeps them. Spec S5, A6. */
export const EMBEDDING_DIMENSIONS = 384;

/** The vector at length 1, so that a sum of products is the cosine; a vector of zeros stays one. */
export function unitVector(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => (length === 0 ? 0 : value / length));
}

/** The cosine of two vectors of length 1, from -1 to 1. */
export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < EMBEDDING_DIMENSIONS; i += 1) sum += a[i]! * b[i]!;
  return sum;
}

/** One bit a number, `1` above zero: vectors with few bits apart have a small angle. */
export function signatureOf(vector: Float32Array): string {
  return Array.from(vector, (value) => (value > 0 ? '1' : '0')).join('');
}

/** The vector as 1,536 bytes, little-endian. */
export function toBytes(vector: Float32Array): Buffer {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, i) => {
    bytes.writeFloatLE(value, i * 4);
  });
  return bytes;
}

/** What `toBytes` wrote. */
export function fromBytes(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
}
