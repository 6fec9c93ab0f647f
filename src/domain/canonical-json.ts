/**
 * The one text of a JSON value: keys sorted by code unit at every depth, no blanks. What JSON leaves out (undefined,
 * functions) is left out. Two values that Postgres' jsonb holds to be equal have the same text.
 * @throws TypeError for a cycle or a bigint
 */
export function canonicalJson(value: unknown): string {
  return textOf(JSON.parse(JSON.stringify(value ?? null)));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${textOf(member)}`).join(',')}}`;
}
