import { useSyncExternalStore } from 'react';

const question = '(prefers-color-scheme: dark)';

/** Whether the system is dark now: what is painted, rather than styled, is painted anew when that changes. */
export function useSystemDark(): boolean {
  return useSyncExternalStore(listen, () => window.matchMedia(question).matches);
}

function listen(listener: () => void): () => void {
  const system = window.matchMedia(question);
  system.addEventListener('change', listener);
  return () => system.removeEventListener('change', listener);
}
