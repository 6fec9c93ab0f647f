/**
 * Values at a path such as `a.b[0].c` or `cache.*.property`. `*` stands for every member of an object or list. Text on
 * the way that holds JSON is parsed (sites nest JSON in JSON). Missing parts give no value.
 */
export function valuesAt(root: unknown, path: string): unknown[] {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  let current: unknown[] = [root];
  for (const step of steps) {
    current = current.flatMap((value) => childrenOf(asJson(value), step));
    if (current.length === 0) return [];
  }
  return current.filter((value) => value !== null && value !== undefined);
}

/** The first value at a path, or null. */
export function valueAt(root: unknown, path: string): unknown {
  return valuesAt(root, path)[0] ?? null;
}

function childrenOf(value: unknown, step: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value);
  // A path into a list without an index means its members: schema.org allows one or many everywhere.
  if (Array.isArray(value) && !/^\d+$/.test(step)) return value.flatMap((member) => childrenOf(member, step));
  return step in value ? [(value as Record<string, unknown>)[step]] : [];
}

function asJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
