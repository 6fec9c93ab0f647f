/** Who asks: a part of the system, a user with a role, or a key with scopes. */
export interface Actor {
  kind: 'system' | 'user' | 'api_key';
  /** A user's or key's id; a part's name. */
  name: string;
  /** Of a user. */
  role?: Role;
  /** Of a key: what it was made for, in the words of permissions. */
  scopes?: readonly string[];
}

export const ROLES = ['admin', 'analyst', 'underwriter', 'ops', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** What each role may do; `*` stands for anything, `noun:*` for any verb on the noun. Spec P3. */
export const PERMISSIONS: Record<Role, readonly string[]> = {
  admin: ['*'],
  analyst: ['properties:*', 'timeline:*', 'memos:read'],
  underwriter: ['properties:read', 'timeline:comment'],
  ops: ['properties:update', 'outreach:*'],
  viewer: ['properties:read', 'timeline:read'],
};

/**
 * Every action there is (`noun:verb`). `memos` are the PDFs, `timeline` the events, comments, tags and assignments of a
 * property, `outreach` contacts, campaigns, templates and sends, `pipelines` schedules, runs and jobs.
 */
export const ACTIONS = [
  'properties:read',
  'properties:create',
  'properties:update',
  'properties:delete',
  'properties:export',
  'timeline:read',
  'timeline:comment',
  'timeline:update',
  'memos:read',
  'memos:create',
  'outreach:read',
  'outreach:update',
  'outreach:approve',
  'outreach:delete',
  'market:read',
  'market:update',
  'pipelines:read',
  'pipelines:update',
  'models:read',
  'models:update',
  'users:read',
  'users:update',
  'tenant:read',
  'tenant:update',
  'keys:read',
  'keys:update',
  'webhooks:read',
  'webhooks:update',
  'audit:read',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Whether a list of permissions or scopes covers the action. Whoever may change a thing may also read it. */
export function covers(granted: readonly string[], action: string): boolean {
  const [noun, verb] = action.split(':');
  return granted.some(
    (one) => one === '*' || one === action || one === `${noun}:*` || (verb === 'read' && one.split(':')[0] === noun),
  );
}

/** Whether the role's permissions cover the action (`noun:verb`). */
export function isPermitted(role: Role, action: string): boolean {
  return covers(PERMISSIONS[role], action);
}

/** One question to the policy kernel. `costMicros` in 1e-6 USD; 0 when the action is free. */
export interface PolicyRequest {
  actor: Actor;
  /** `noun:verb`, such as `enrichment:call` or `outreach:send`. */
  action: string;
  /** What is paid for or acted on: a provider, a channel, a property id. */
  resource: string;
  costMicros: number;
  /** It changes something: the decision is recorded though it is free. */
  isWrite?: boolean;
}

export interface PolicyDecision {
  allow: boolean;
  reason: string;
  /** The tightest budget that was checked, when the action costs money. */
  budget?: { period: 'day' | 'month'; limitMicros: number; spentMicros: number };
}
