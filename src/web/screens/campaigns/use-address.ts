import { useNavigate, useSearch } from '@tanstack/react-router';

type Search = Readonly<Record<string, unknown>>;

/**
 * What stands after the question mark, and a way to change some of it. Undefined takes a name away. `replace`: Back does
 * not stop there.
 */
export function useAddress(): [Search, (change: Search, options?: { replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = (next: Search, { replace = false } = {}) => {
    const merged = (before: Search) =>
      Object.fromEntries(Object.entries({ ...before, ...next }).filter(([, value]) => value !== undefined));
    void navigate({ to: '.', search: merged as never, replace });
  };
  return [search, change];
}

/** A text from the address; numbers that the router made of digits are text again. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
