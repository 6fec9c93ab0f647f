/** A text within a value that cannot be stored or sent on. */
export interface UnplainText {
  /** Where it is, such as `filters.city` or `names.0`; empty for the value itself. */
  field: string;
  message: string;
}

/**
 * The first text within JSON that is none: with the character NUL, which Postgres refuses, or with half of a surrogate pair,
 * which no encoding has. Names of fields count, too.
 * @returns null when every text is good
 */
export function findUnplainText(value: unknown, field = ''): UnplainText | null {
  if (typeof value === 'string') {
    return isPlain(value) ? null : { field, message: 'must be text without NUL and without halves of characters' };
  }
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    if (!isPlain(name)) return { field, message: 'must have names without NUL and without halves of characters' };
    const found = findUnplainText(inner, field === '' ? name : `${field}.${name}`);
    if (found !== null) return found;
  }
  return null;
}

const isPlain = (text: string): boolean => !text.includes('\u0000') && !/\p{Cs}/u.test(text);
