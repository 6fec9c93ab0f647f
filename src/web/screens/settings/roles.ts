import { ACTIONS, isPermitted, ROLES, type Role } from '../../../domain/policy.ts';

/** What each role is for, in one sentence. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  admin: 'does everything, and looks after people and settings',
  analyst: 'finds, imports and judges properties',
  underwriter: 'reads properties and comments on them',
  ops: 'keeps properties current, and runs campaigns',
  viewer: 'reads',
};

const NOUNS: Readonly<Record<string, string>> = {
  properties: 'Properties',
  timeline: 'Comments and timeline',
  memos: 'Memos',
  outreach: 'Campaigns and contacts',
  market: 'Market files',
  pipelines: 'Schedules and runs',
  models: 'Valuation models',
  users: 'Users',
  tenant: 'Organisation',
  keys: 'API keys',
  webhooks: 'Webhooks',
  audit: 'Audit log',
};

/** What a role may do with one kind of thing. */
export interface Right {
  noun: string;
  label: string;
  /** By role: the verbs, such as `read, update`; empty: nothing. */
  verbs: Readonly<Record<Role, string>>;
}

/** Every kind of thing and what each role may do with it, from the rules that the API keeps. */
export function rightsOf(): Right[] {
  const nouns = [...new Set(ACTIONS.map((action) => action.split(':')[0] ?? ''))];
  return nouns.map((noun) => {
    const verbs = ROLES.map((role) => {
      const own = ACTIONS.filter((action) => action.startsWith(`${noun}:`) && isPermitted(role, action));
      return [role, own.map((action) => action.split(':')[1]).join(', ')] as const;
    });
    return { noun, label: NOUNS[noun] ?? noun, verbs: Object.fromEntries(verbs) as Record<Role, string> };
  });
}

/** The address that an invited person opens. */
export function invitationLink(origin: string, token: string): string {
  return `${origin}/accept-invitation?${new URLSearchParams({ token })}`;
}
