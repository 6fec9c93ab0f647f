/** Object ids of the element types, fixed in every Postgres. */
const OID = { uuid: 2950, float8: 701, int8: 20, text: 25, bytea: 17, json: 114, jsonb: 3802 } as const;
/** Dimensions, has-nulls flag, element type, length, lower bound. */
const HEAD_BYTES = 20;
const FIRST_ROOM = 65_536;

/** An array of texts that grows in Postgres's own binary form. */
export interface TextArray {
  /** @param text without NUL (bytes may hold any); null is an SQL null */
  add(text: string | Buffer | null): void;
  bytes(): Buffer;
}

/**
 * An empty array of texts, sent as it stands (`${array.bytes()}::text[]`). The text form of an array escapes every quote in
 * it, and both sides pay for that: with documents it is most of the time. Each text becomes bytes at once, outside of the
 * heap that is searched for what is still in use.
 * @param type `json` and `jsonb` take JSON texts, which Postgres checks; `bytea` takes bytes
 */
export function createTextArray(type: 'text' | 'bytea' | 'json' | 'jsonb' = 'text'): TextArray {
  const prefix = type === 'jsonb' ? 1 : 0;
  let bytes = Buffer.allocUnsafe(FIRST_ROOM);
  let at = HEAD_BYTES;
  let length = 0;
  let hasNulls = false;
  return {
    add(text) {
      // A unit of UTF-16 takes three bytes at most.
      const most = at + 4 + prefix + 3 * (text?.length ?? 0);
      if (most > bytes.length) {
        const larger = Buffer.allocUnsafe(2 * most);
        bytes.copy(larger, 0, 0, at);
        bytes = larger;
      }
      length += 1;
      if (text === null) {
        hasNulls = true;
        at = bytes.writeInt32BE(-1, at);
        return;
      }
      const start = at + 4;
      // The version of jsonb's binary form.
      if (prefix === 1) bytes[start] = 1;
      const written = prefix + (typeof text === 'string' ? bytes.write(text, start + prefix) : text.copy(bytes, start));
      bytes.writeInt32BE(written, at);
      at = start + written;
    },
    bytes() {
      writeHead(bytes, OID[type], length, hasNulls);
      return bytes.subarray(0, at);
    },
  };
}

/** A list of texts as such an array. */
export function texts(list: ReadonlyArray<string | null>, type: 'text' | 'json' | 'jsonb' = 'text'): Buffer {
  const array = createTextArray(type);
  for (const text of list) array.add(text);
  return array.bytes();
}

/** An array of uuids in binary form. @param list in the usual 36 characters */
export function uuids(list: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + 20 * list.length);
  let at = writeHead(bytes, OID.uuid, list.length, false);
  for (const id of list) {
    at = bytes.writeInt32BE(16, at);
    if (bytes.write(id.replaceAll('-', ''), at, 'hex') !== 16) throw new TypeError(`'${id}' is not a uuid`);
    at += 16;
  }
  return bytes;
}

/** An array of doubles in binary form; null is an SQL null. */
export const doubles = (list: ReadonlyArray<number | null>): Buffer =>
  numbers(list, OID.float8, (bytes, value, at) => bytes.writeDoubleBE(value, at));

/** An array of bigints in binary form. @param list whole numbers that a double holds exactly */
export const bigints = (list: ReadonlyArray<number | null>): Buffer => numbers(list, OID.int8, writeWhole);

/** In halves: a bigint for each would take longer than all else. */
function writeWhole(bytes: Buffer, value: number, at: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`);
  const high = Math.floor(value / 2 ** 32);
  return bytes.writeUInt32BE(value - high * 2 ** 32, bytes.writeInt32BE(high, at));
}

function numbers(
  list: ReadonlyArray<number | null>,
  type: number,
  write: (bytes: Buffer, value: number, at: number) => number,
): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + 12 * list.length);
  let at = writeHead(bytes, type, list.length, list.includes(null));
  for (const value of list) {
    at = bytes.writeInt32BE(value === null ? -1 : 8, at);
    if (value !== null) at = write(bytes, value, at);
  }
  return bytes.subarray(0, at);
}

function writeHead(bytes: Buffer, type: number, length: number, hasNulls: boolean): number {
  let at = bytes.writeInt32BE(1, 0);
  at = bytes.writeInt32BE(hasNulls ? 1 : 0, at);
  at = bytes.writeInt32BE(type, at);
  at = bytes.writeInt32BE(length, at);
  return bytes.writeInt32BE(1, at);
}
