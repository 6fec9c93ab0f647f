import { ApiProblem } from '../../../sdk/problem.ts';

/**
 * Whether a sign-in was refused because address and password fit in several organisations, and their short names, as far
 * as the refusal names them.
 */
export function organisationsOf(error: unknown): string[] | undefined {
  if (!(error instanceof ApiProblem) || error.field !== 'body.tenant') return undefined;
  const list = /`tenant`: ([a-z0-9-]+(?:, [a-z0-9-]+)*)\./.exec(error.message)?.[1];
  return list?.split(', ') ?? [];
}

/** Where to go after signing in: an address of this dashboard, else the overview. */
export function nextAddress(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])\S*$/.test(next) && !next.startsWith('/sign-in') ? next : '/';
}
