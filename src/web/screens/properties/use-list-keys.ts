import { useRef } from 'react';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { showToast } from '../../ui/toast.tsx';
import type { ListRow } from './use-list.ts';

interface ListKeys {
  rows: readonly ListRow[];
  activeId: string | null;
  onActive: (id: string) => void;
  onOpen: (id: string) => void;
  /** Null when nothing is open. */
  onClose: (() => void) | null;
  onSelect: (id: string) => void;
  onMemo: (id: string) => void;
  /** What is decided about the property by a key. */
  decisions: Readonly<Record<string, (id: string) => void>>;
  onView: () => void;
  onKeys: () => void;
}

/** The keys of the list, wherever on the screen the focus is. The answer goes so many rows down, or up where it is negative. */
export function useListKeys(keys: ListKeys): (by: number) => void {
  const { rows, activeId } = keys;
  const last = useRef(-1);
  const found = rows.findIndex(({ id }) => id === activeId);
  if (found >= 0) last.current = found;
  const move = (step: number) => {
    // One that has left the list meanwhile (done, passed, looked at) is followed by what took its place.
    const index = found >= 0 || activeId === null ? found + step : last.current + (step > 0 ? step - 1 : step);
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (next !== undefined) keys.onActive(next.id);
  };
  const withActive = (act: (id: string) => void) => () => {
    if (activeId === null) showToast('Choose a property first: j for the next one, k for the one before.');
    else act(activeId);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: withActive(keys.onOpen),
    x: withActive(keys.onSelect),
    m: withActive(keys.onMemo),
    ...Object.fromEntries(Object.entries(keys.decisions).map(([key, act]) => [key, withActive(act)])),
    v: keys.onView,
    '?': keys.onKeys,
    ...(keys.onClose && { Escape: keys.onClose }),
  });
  return move;
}
