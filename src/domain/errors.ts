/**
 * What a failure means for the one who retries it. `transient` heals by waiting (a provider is down, a connection was
 * reset); every other code is final until a person or new data changes something.
 */
export type ErrorCode =
  | 'transient'
  | 'validation'
  | 'not_found'
  | 'auth_revoked'
  | 'budget_exceeded'
  | 'quota_exceeded'
  | 'rate_limited'
  | 'forbidden'
  | 'suppressed'
  | 'payload_too_large'
  | 'template'
  | 'outcome_unknown'
  | 'blocked'
  | 'missing_part'
  | 'conflict'
  | 'key_reused';

/**
 * The one error class of the product. `message` tells the person what happened, where (file, line, field, county,
 * provider) and what to do next; `code` tells the machine whether waiting helps.
 */
export class ReosError extends Error {
  override readonly name = 'ReosError';
  readonly code: ErrorCode;
  /** Small, log-safe facts (file, line, field, provider, status). Never secrets, never bodies. */
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  /** Seconds after which a provider asked to be called again (Retry-After), when it said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      cause?: unknown;
      details?: Record<string, string | number | boolean | null>;
      retryAfterSeconds?: number;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The message of anything thrown, for a line that a person reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A text as a sentence that ends in one full stop: problems that end in one of their own get no second. */
export function asSentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** The system's short name of what went wrong with a file, such as ENOENT: its message would name the whole path. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'no reason given';
}

/** Problems as one sentence with semicolons between them, ending in one full stop. */
export function joinProblems(problems: readonly string[]): string {
  return `${problems.map((problem) => problem.replace(/\.$/, '')).join('; ')}.`;
}
