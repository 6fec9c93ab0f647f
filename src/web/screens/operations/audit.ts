/** Who an entry names: a person by name where it is known, a key or a part of the system by kind. */
export function auditWho(entry: { actor_kind: string; actor_id: string }, names: ReadonlyMap<string, string>): string {
  const { actor_kind: kind, actor_id: id } = entry;
  if (kind === 'user') return names.get(id) ?? `User ${id.slice(0, 8)}`;
  if (kind === 'api_key') return `API key ${id.slice(0, 8)}`;
  return id === '' ? 'The system' : `System: ${id}`;
}

/** `name: value` of each part of the detail, values in short. */
export function detailWords(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(
      ([name, value]) =>
        `${name.replace(/_/g, ' ')}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    .join(', ');
}
