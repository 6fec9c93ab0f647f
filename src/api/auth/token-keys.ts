import { createHash, createPrivateKey, createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import { messageOf, ReosError } from '../../domain/errors.ts';
import { type TokenKey, type TokenKeys, tokenKeys } from './access-token.ts';

/** Keys of access tokens as they are set; none is the installation's own HS256 key. */
export interface TokenKeySettings {
  /** REOS_JWT_PRIVATE_KEY: PEM (PKCS #8) of an Ed25519, P-256 or RSA key. */
  privateKey: string | undefined;
  /** REOS_JWT_PUBLIC_KEYS: PEMs (SPKI), one after another, of keys that are still believed. */
  publicKeys: string | undefined;
}

const MINIMUM_RSA_BITS = 2_048;
const PEM = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g;

/**
 * The keys that sign and are believed. With a private key tokens of the own HS256 key are not believed any more. To
 * change a key, put the old one's public part into the public keys for 30 minutes.
 * @throws ReosError `validation` naming the setting that holds no such key
 */
export async function readTokenKeys(set: TokenKeySettings, secret: string, issuer: string): Promise<TokenKeys> {
  const previous = await Promise.all(
    blocksOf('REOS_JWT_PUBLIC_KEYS', set.publicKeys).map((pem) =>
      keyOf('REOS_JWT_PUBLIC_KEYS', () => createPublicKey(pem), null),
    ),
  );
  const own = tokenKeys(secret, issuer);
  const [pem, ...more] = blocksOf('REOS_JWT_PRIVATE_KEY', set.privateKey);
  if (more.length > 0) throw wrong('REOS_JWT_PRIVATE_KEY', 'holds more than one key');
  if (pem === undefined) return { ...own, accepted: [own.current, ...previous] };
  const setting = 'REOS_JWT_PRIVATE_KEY';
  const privateKey = read(setting, () => createPrivateKey(pem));
  const current = await keyOf(setting, () => createPublicKey(privateKey), privateKey);
  return { issuer, current, accepted: [current, ...previous.filter(({ id }) => id !== current.id)] };
}

async function keyOf(setting: string, open: () => KeyObject, privateKey: KeyObject | null): Promise<TokenKey> {
  const publicKey = read(setting, open);
  const { algorithm, usage } = usageOf(setting, publicKey);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const { subtle } = webcrypto;
  return {
    // The key's own name: nobody has to choose one, and every process finds the same.
    id: createHash('sha256').update(spki).digest('base64url').slice(0, 16),
    algorithm,
    sign:
      privateKey &&
      (await subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), usage, false, ['sign'])),
    verify: await subtle.importKey('spki', spki, usage, false, ['verify']),
  };
}

function usageOf(setting: string, key: KeyObject) {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return { algorithm: 'EdDSA' as const, usage: { name: 'Ed25519' } };
  if (type === 'ec' && details?.namedCurve === 'prime256v1') {
    return { algorithm: 'ES256' as const, usage: { name: 'ECDSA', namedCurve: 'P-256' } };
  }
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= MINIMUM_RSA_BITS) {
    return { algorithm: 'RS256' as const, usage: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } };
  }
  throw wrong(setting, `must be an Ed25519 key, a P-256 key, or an RSA key of ${MINIMUM_RSA_BITS} bits or more`);
}

/** The PEM blocks of a setting; a line break may be written as \n, as files of settings need it. */
function blocksOf(setting: string, value: string | undefined): string[] {
  if (value === undefined) return [];
  const blocks = value.replaceAll('\\n', '\n').match(PEM);
  if (blocks === null) throw wrong(setting, 'holds no PEM (-----BEGIN … KEY-----)');
  return blocks;
}

function read(setting: string, open: () => KeyObject): KeyObject {
  try {
    return open();
  } catch (error) {
    throw wrong(setting, `cannot be read as a key (${messageOf(error)})`, error);
  }
}

function wrong(setting: string, what: string, cause?: unknown): ReosError {
  return new ReosError('validation', `${setting} ${what}. Make one: openssl genpkey -algorithm ed25519`, {
    cause,
    details: { field: setting },
  });
}
