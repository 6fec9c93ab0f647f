import { useEffect, useRef } from 'react';

/** When the detail is closed and nothing else has the focus, the keys go on in the list, also after it is drawn anew. */
export function useFocusAfterDetail(propertyId: string | undefined): void {
  const wasOpen = useRef(false);
  useEffect(() => {
    const hasClosed = wasOpen.current && propertyId === undefined;
    wasOpen.current = propertyId !== undefined;
    if (!hasClosed) return;
    const take = () => {
      if (document.activeElement !== null && document.activeElement !== document.body) return;
      document.querySelector<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
    };
    const timers = [0, 100, 400].map((ms) => setTimeout(take, ms));
    return () => {
      for (const timer of timers) clearTimeout(timer);
    };
  }, [propertyId]);
}
