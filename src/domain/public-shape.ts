/**
 * A row as the API's JSON shows it: snake_case keys, cents and micros as dollars. Values of open documents (payloads,
 * reasons) keep their shape but for the keys.
 */
export function publicShape<T extends object>(row: T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => publicEntry(key, value)));
}

function publicEntry(key: string, value: unknown): [string, unknown] {
  const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (typeof value === 'number' || value === null) {
    const amount = (scale: number) => (value === null ? null : value / scale);
    if (name.endsWith('_cents')) return [name.slice(0, -6), amount(100)];
    if (name.endsWith('_micros')) return [name.slice(0, -7), amount(1_000_000)];
  }
  return [name, publicValue(value)];
}

function publicValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(publicValue);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return publicShape(value);
}
