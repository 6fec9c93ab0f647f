import { useEffect, useRef, useState } from 'react';

/** Who steps faster than this passes by: nothing is asked about those in between. */
export const PASSING_MS = 220;

/**
 * Opens one property after the other: the first step at once, those that follow faster than anybody reads only where they
 * end. `passing` is where the steps are meanwhile.
 */
export function useStepping(open: (id: string) => void) {
  const [passing, setPassing] = useState<string | null>(null);
  const latest = useRef(open);
  latest.current = open;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const last = useRef(0);
  const cancel = () => {
    clearTimeout(timer.current);
    setPassing(null);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const step = (id: string) => {
    clearTimeout(timer.current);
    const isSlow = Date.now() - last.current > PASSING_MS;
    last.current = Date.now();
    if (isSlow) {
      setPassing(null);
      latest.current(id);
      return;
    }
    setPassing(id);
    timer.current = setTimeout(() => {
      setPassing(null);
      latest.current(id);
    }, PASSING_MS);
  };
  return { passing, step, cancel };
}
