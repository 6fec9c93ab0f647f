import type { TenantTrx } from '../../db/tenant.ts';
import type { Plan } from '../../domain/plans.ts';
import type { Actor, Role } from '../../domain/policy.ts';

export type { Plan };

/** What a credential says before the database was asked: whose it is. Its signature or form has been checked. */
export interface Credential {
  kind: 'user' | 'api_key';
  tenantId: string;
  /** The user's id, or the keyed hash of an API key. */
  subject: string;
  /** When an access token was issued, seconds since 1970; null for a key. */
  issuedAt: number | null;
}

/** Who is asking, as the database knows them at this moment: a role taken away a second ago is gone here. */
export interface Principal {
  kind: 'user' | 'api_key';
  tenantId: string;
  /** The user's or the key's id. */
  id: string;
  /** The person's or key's name. */
  name: string;
  /** Null for a key. */
  role: Role | null;
  /** What they may do: permissions of the role, or scopes of the key. */
  permissions: readonly string[];
  plan: Plan;
  /** Of a tenant of whoever runs the installation: may give orders to what all tenants share. */
  isOperator: boolean;
}

/** Who a request comes from; put together by the entry point. */
export interface Identity {
  /**
   * Reads an Authorization header (`Bearer` with an access token or an API key) without asking the database.
   * @throws ReosError `auth_revoked` for anything that is missing, malformed, forged or expired
   */
  credentialOf(authorization: string | undefined, now: Date): Promise<Credential>;
  /**
   * The person or key behind the credential, with the tenant's plan.
   * @throws ReosError `auth_revoked` when it was disabled, revoked, or its tenant closed
   */
  principalOf(trx: TenantTrx, credential: Credential, now: Date): Promise<Principal>;
}

/** The principal as the policy kernel asks for it. */
export function actorOf(principal: Principal): Actor {
  return principal.kind === 'user' && principal.role !== null
    ? { kind: 'user', name: principal.id, role: principal.role }
    : { kind: 'api_key', name: principal.id, scopes: principal.permissions };
}
