import type { Warehouse } from './warehouse.ts';

/** What was computed from a warehouse, kept by name and by the state of the data it was computed from. One per process. */
export interface Memory {
  /** What is kept under the name for that state of the data; undefined when there is nothing, or only of another state. */
  find(name: string, state: string): unknown;
  /** Keeps a value in place of one of another state. The least recently used ones go when there is no room. */
  put(name: string, state: string, value: unknown, bytes: number): void;
}

const MIB = 2 ** 20;

/**
 * An empty memory.
 * @param mostBytes of all values together, as estimated by who puts them
 */
export function createMemory(mostBytes = 192 * MIB): Memory {
  const kept = new Map<string, { state: string; value: unknown; bytes: number }>();
  let total = 0;
  const drop = (name: string) => {
    total -= kept.get(name)?.bytes ?? 0;
    kept.delete(name);
  };
  return {
    find(name, state) {
      const found = kept.get(name);
      if (found === undefined || found.state !== state) return undefined;
      kept.delete(name);
      kept.set(name, found);
      return found.value;
    },
    put(name, state, value, bytes) {
      drop(name);
      if (bytes > mostBytes / 4) return;
      kept.set(name, { state, value, bytes });
      total += bytes;
      for (const oldest of kept.keys()) {
        if (total <= mostBytes) break;
        drop(oldest);
      }
    },
  };
}

/** About what rows take in memory, bytes: by the fields and lists of the first one. */
export function bytesOf(rows: readonly unknown[]): number {
  const [first] = rows;
  if (first === undefined) return 64;
  const values: unknown[] = typeof first === 'object' && first !== null ? Object.values(first) : [first];
  return rows.length * values.reduce<number>((sum, value) => sum + 24 + sizeOf(value), 64);
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 2 * value.length;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  return Array.isArray(value) ? value.reduce<number>((sum, one) => sum + 12 + sizeOf(one), 16) : 8;
}

/** What depends on the rows of some tables alone: from the warehouse's memory where it has one, else made anew. */
export async function remembered<T extends object>(
  { memory }: Warehouse,
  name: string,
  tables: readonly string[],
  make: () => T | Promise<T>,
  bytes: (made: T) => number,
): Promise<T> {
  const known = await memory?.find(name, tables);
  if (known !== undefined) return known as T;
  const made = await make();
  await memory?.put(name, tables, made, bytes(made));
  return made;
}
