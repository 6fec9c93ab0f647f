import { ACTIONS, covers } from '../../../domain/policy.ts';

/** A noun with the verbs that a key may be given on it. */
export interface ScopeGroup {
  noun: string;
  name: string;
  verbs: Array<{ scope: string; verb: string; isGrantable: boolean }>;
}

const NAMES: Readonly<Record<string, string>> = {
  properties: 'Properties',
  timeline: 'Timeline, comments and tags',
  memos: 'Memos',
  outreach: 'Contacts, campaigns and messages',
  market: 'Market',
  pipelines: 'Schedules and runs',
  models: 'Valuation models',
  users: 'Users',
  tenant: 'Organisation and budgets',
  keys: 'API keys',
  webhooks: 'Webhooks',
  audit: 'Audit log',
};

/** Every scope by its noun; a key can be given no more than what its maker may do. */
export function scopeGroups(permissions: readonly string[]): ScopeGroup[] {
  const nouns = [...new Set(ACTIONS.map((action) => action.slice(0, action.indexOf(':'))))];
  return nouns.map((noun) => ({
    noun,
    name: NAMES[noun] ?? noun,
    verbs: ACTIONS.filter((action) => action.startsWith(`${noun}:`)).map((scope) => ({
      scope,
      verb: scope.slice(noun.length + 1),
      isGrantable: covers(permissions, scope),
    })),
  }));
}

/** `properties: read, update; memos: read`: scopes in words, nouns in their order. */
export function scopeWords(scopes: readonly string[]): string {
  if (scopes.includes('*')) return 'Everything';
  const byNoun = new Map<string, string[]>();
  for (const scope of scopes) {
    const [noun = '', verb = ''] = scope.split(':');
    byNoun.set(noun, [...(byNoun.get(noun) ?? []), verb === '*' ? 'all' : verb]);
  }
  return [...byNoun].map(([noun, verbs]) => `${noun}: ${verbs.join(', ')}`).join('; ');
}

/** When a key of so many days ends, as the API takes it; null for one that does not end. */
export function expiryAfter(days: number | null, now: number = Date.now()): string | null {
  return days === null ? null : new Date(now + days * 86_400_000).toISOString();
}

/** How a key stands: revoked and expired ones open nothing. */
export function keyState(
  key: { revoked_at: string | null; expires_at: string | null },
  now: number = Date.now(),
): 'active' | 'expired' | 'revoked' {
  if (key.revoked_at !== null) return 'revoked';
  return key.expires_at !== null && Date.parse(key.expires_at) <= now ? 'expired' : 'active';
}
