import { findPrincipalKey, findPrincipalUser } from '../../db/queries/principals.ts';
import { ReosError } from '../../domain/errors.ts';
import { PERMISSIONS } from '../../domain/policy.ts';
import type { Credential, Identity, Principal } from '../kit/principal.ts';
import type { TokenKeys } from './access-token.ts';
import { hashApiKey, tenantOfApiKey } from './api-key.ts';
import { createKeyMeter } from './key-meter.ts';
import { suspended } from './suspended.ts';
import { createTokenVerifier } from './verified-tokens.ts';

export interface IdentityDeps {
  tokens: TokenKeys;
  /** Secret of the hashes of API keys. */
  keySecret: string;
}

const gone = (what: string) => new ReosError('auth_revoked', what);

/** Access tokens and API keys as `Authorization: Bearer`. */
export function createIdentity(deps: IdentityDeps): Identity {
  const meter = createKeyMeter();
  const verify = createTokenVerifier(deps.tokens);
  return {
    async credentialOf(authorization, now) {
      const token = /^Bearer +(\S{1,4096})$/i.exec(authorization ?? '')?.[1];
      if (token === undefined) {
        throw gone(
          'A token is needed: Authorization: Bearer TOKEN. Log in with POST /api/v1/auth/login or use an API key.',
        );
      }
      const keyTenant = tenantOfApiKey(token);
      if (keyTenant !== null) {
        return { kind: 'api_key', tenantId: keyTenant, subject: hashApiKey(deps.keySecret, token), issuedAt: null };
      }
      const { tenantId, userId, issuedAt } = await verify(token, now);
      return { kind: 'user', tenantId, subject: userId, issuedAt };
    },
    async principalOf(trx, credential, now) {
      if (credential.kind === 'user') return userOf(trx, credential);
      const principal = await keyOf(trx, credential, now);
      await meter(trx, principal.id, now);
      return principal;
    },
  };
}

async function userOf(trx: Parameters<Identity['principalOf']>[0], credential: Credential): Promise<Principal> {
  const user = await findPrincipalUser(trx, credential.subject);
  if (user?.status === 'active' && user.tenantStatus === 'suspended') throw suspended();
  if (user === undefined || user.status !== 'active' || user.tenantStatus !== 'active') {
    throw gone('This account is not active any more. Ask an admin of the tenant.');
  }
  if (credential.issuedAt === null || Math.round(credential.issuedAt * 1_000) < user.tokensValidFrom.getTime()) {
    throw gone('This session was ended. Log in again.');
  }
  return {
    kind: 'user',
    tenantId: credential.tenantId,
    id: user.id,
    name: user.name,
    role: user.role,
    permissions: PERMISSIONS[user.role],
    plan: user.plan,
    isOperator: user.isOperator,
  };
}

async function keyOf(
  trx: Parameters<Identity['principalOf']>[0],
  credential: Credential,
  now: Date,
): Promise<Principal> {
  const key = await findPrincipalKey(trx, credential.subject);
  if (key?.revokedAt === null && key.tenantStatus === 'suspended') throw suspended();
  if (key === undefined || key.revokedAt !== null || key.tenantStatus !== 'active') {
    throw gone('This API key is not valid. An admin can make a new one: POST /api/v1/api-keys');
  }
  if (key.expiresAt !== null && key.expiresAt <= now)
    throw gone('This API key has expired. An admin can make a new one.');
  return {
    kind: 'api_key',
    tenantId: credential.tenantId,
    id: key.id,
    name: key.name,
    role: null,
    permissions: key.scopes,
    plan: key.plan,
    isOperator: key.isOperator,
  };
}
