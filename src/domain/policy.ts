/** Who asks: a part of the system, or a user with a role. */
export interface Actor {
  kind: 'system' | 'user';
  name: string;
  role?: Role;
}

export type Role = 'admin' | 'analyst' | 'underwriter' | 'ops' | 'viewer';

/** What each role may do; `*` stands for anything, `noun:*` for any verb on the noun. Spec P3. */
export const PERMISSIONS: Record<Role, readonly string[]> = {
  admin: ['*'],
  analyst: ['properties:*', 'timeline:*', 'memos:read'],
  underwriter: ['properties:read', 'timeline:comment'],
  ops: ['properties:update', 'outreach:*'],
  viewer: ['properties:read', 'timeline:read'],
};

/** Whether the role's permissions cover the action (`noun:verb`). */
export function isPermitted(role: Role, action: string): boolean {
  const noun = action.split(':')[0] ?? action;
  return PERMISSIONS[role].some((granted) => granted === '*' || granted === action || granted === `${noun}:*`);
}

/** One question to the policy kernel. `costMicros` in 1e-6 USD; 0 when the action is free. */
export interface PolicyRequest {
  actor: Actor;
  /** `noun:verb`, such as `enrichment:call` or `outreach:send`. */
  action: string;
  /** What is paid for or acted on: a provider, a channel, a property id. */
  resource: string;
  costMicros: number;
}

export interface PolicyDecision {
  allow: boolean;
  reason: string;
  /** The tightest budget that was checked, when the action costs money. */
  budget?: { period: 'day' | 'month'; limitMicros: number; spentMicros: number };
}
