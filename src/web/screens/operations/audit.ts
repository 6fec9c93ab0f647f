import { humanise } from '../../lib/format.ts';

/** Who an entry names: a person by name where it is known, a key or a part of the system by kind. */
export function auditWho(entry: { actor_kind: string; actor_id: string }, names: ReadonlyMap<string, string>): string {
  const { actor_kind: kind, actor_id: id } = entry;
  if (kind === 'user') return names.get(id) ?? `User ${id.slice(0, 8)}`;
  if (kind === 'api_key') return `API key ${id.slice(0, 8)}`;
  return id === '' ? 'The system' : `System: ${id}`;
}

/** What was ordered, out of the operation and the id it was about: `pingWebhook:1d06…` is Ping webhook, 1d06…. */
export function resourceWords(resource: string): { text: string; id: string | null } {
  const [operation = resource, ...rest] = resource.split(':');
  const text = humanise(
    operation.replace(/([a-z\d])([A-Z])/g, (_, before: string, start: string) => `${before} ${start.toLowerCase()}`),
  );
  return { text, id: rest.length === 0 ? null : rest.join(':') };
}

/** What says nothing to a person: the same as the operation says, or nothing at all. */
const TECHNICAL = new Set(['path', 'method']);

/** `name: value` of each part of the detail, values in short; lists by their members, empty ones left out. */
export function detailWords(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([name, value]) => !TECHNICAL.has(name) && !isEmpty(value))
    .map(([name, value]) => `${humanise(name)}: ${valueWords(value)}`)
    .join('; ');
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(', ').replaceAll('_', ' ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, one]) => `${name.replaceAll('_', ' ')} ${valueWords(one)}`)
    .join(', ');
}
