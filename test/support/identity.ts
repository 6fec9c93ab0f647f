import type { TokenKeys } from '../../src/api/auth/access-token.ts';
import { createIdentity } from '../../src/api/auth/identity.ts';
import type { Identity } from '../../src/api/kit/principal.ts';

/** Secret of the tests' API keys. */
export const KEY_SECRET = 'test-key-secret';
const key = {
  id: 'test',
  algorithm: 'HS256' as const,
  sign: Buffer.from('a secret of thirty-two bytes ----'),
  verify: Buffer.from('a secret of thirty-two bytes ----'),
};
export const TEST_TOKEN_KEYS: TokenKeys = { issuer: 'https://reos.test', current: key, accepted: [key] };

/** The product's own identity with keys of the tests. */
export function testIdentity(): Identity {
  return createIdentity({ tokens: TEST_TOKEN_KEYS, keySecret: KEY_SECRET });
}
