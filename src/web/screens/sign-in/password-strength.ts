/** Shortest password that the API takes, in characters. */
export const PASSWORD_MIN = 12;

/** How good a password is, in words; `isEnough` is what the API asks for. */
export interface PasswordStrength {
  isEnough: boolean;
  /** 0 to 4. */
  level: number;
  text: string;
}

const COMMON = /^(.)\1+$|password|passwort|qwerty|azerty|letmein|welcome|admin|123456|abcdef|iloveyou|monkey|dragon/i;

/**
 * Judges by length first, as NIST SP 800-63B does, then by what makes it easy to guess: repetition, well-known
 * words, and the person's own name or address.
 * @param own words of the person's own, such as the e-mail address
 */
export function strengthOf(password: string, own: readonly string[] = []): PasswordStrength {
  const length = [...password].length;
  if (length === 0) return { isEnough: false, level: 0, text: '' };
  if (length < PASSWORD_MIN) {
    const missing = PASSWORD_MIN - length;
    return { isEnough: false, level: 1, text: `${missing} more ${missing === 1 ? 'character' : 'characters'}` };
  }
  const easy = easyBecause(password, own);
  if (easy !== undefined) return { isEnough: true, level: 2, text: `Easy to guess: ${easy}` };
  if (length < 16) return { isEnough: true, level: 3, text: 'Good' };
  return { isEnough: true, level: 4, text: 'Strong' };
}

function easyBecause(password: string, own: readonly string[]): string | undefined {
  const plain = password.toLowerCase();
  if (new Set(plain).size < 5) return 'few different characters';
  const mine = own
    .flatMap((text) => text.toLowerCase().split(/[\s@._-]+/))
    .find((word) => word.length > 3 && plain.includes(word));
  if (mine !== undefined) return `it holds “${mine}”`;
  const known = COMMON.exec(password)?.[0];
  return known === undefined ? undefined : `it holds “${known}”`;
}
