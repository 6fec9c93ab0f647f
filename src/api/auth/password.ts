import { hash, parseOptions, verify } from '@node-rs/argon2';

// Argon2id with 19 MiB, 2 passes, 1 lane: the OWASP Password Storage Cheat Sheet. Argon2id is the library's default.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Shortest password, in characters. */
export const PASSWORD_MIN = 12;
/** Longest password, in characters. */
export const PASSWORD_MAX = 200;

/** A password as a PHC string (argon2id). The same text typed on another keyboard is the same password (NFKC). */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST);
}

/**
 * Whether the password is the one of the hash. Without a hash (an unknown address) it does the same work and says no.
 */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  if (passwordHash === null || !passwordHash.startsWith('$argon2')) {
    await hashPassword(password);
    return false;
  }
  return verify(passwordHash, password.normalize('NFKC'));
}

/** Whether a hash was made with other parameters than today's. */
export function isOutdatedHash(passwordHash: string): boolean {
  const { memoryCost, timeCost, parallelism } = parseOptions(passwordHash);
  return memoryCost !== COST.memoryCost || timeCost !== COST.timeCost || parallelism !== COST.parallelism;
}
