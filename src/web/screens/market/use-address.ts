import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

/** What stands in the address as text: `?by=risk`. */
export type Address = Readonly<Record<string, string | undefined>>;

/**
 * The state of a screen in its address, and how to change parts of it; an empty text takes a part out. Typing replaces
 * the entry of the history, so that Back leaves the screen.
 */
export function useAddress(): [Address, (change: Address, how?: { replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const change = useCallback(
    (part: Address, { replace = false } = {}) => {
      void navigate({
        to: '.',
        replace,
        search: ((before: Record<string, unknown>) =>
          Object.fromEntries(
            Object.entries({ ...before, ...part }).filter(([, value]) => value !== undefined && value !== ''),
          )) as never,
      });
    },
    [navigate],
  );
  const address = Object.fromEntries(
    Object.entries(search).map(([key, value]) => [key, value === undefined ? undefined : String(value)]),
  );
  return [address, change];
}
