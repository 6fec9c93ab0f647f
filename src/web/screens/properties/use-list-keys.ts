import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { nameOf } from './row-words.ts';
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
  onView: () => void;
  onKeys: () => void;
}

/** The keys of the list, wherever on the screen the focus is. */
export function useListKeys(keys: ListKeys): void {
  const may = useMay();
  const enrich = api.useMutation('post', '/api/v1/properties/{id}/re-enrich');
  const { rows, activeId } = keys;
  const move = (step: number) => {
    const index = rows.findIndex(({ id }) => id === activeId);
    const next = rows[Math.min(rows.length - 1, Math.max(0, index + step))];
    if (next !== undefined) keys.onActive(next.id);
  };
  const withActive = (act: (id: string) => void) => () => {
    if (activeId === null) showToast('Choose a property first: j for the next one, k for the one before.');
    else act(activeId);
  };
  const askAgain = (id: string) => {
    const row = rows.find((one) => one.id === id);
    const name = row === undefined ? 'the property' : nameOf(row);
    if (!may('properties:update')) {
      showToast('Your role may not ask the data sources again.', { isError: true });
      return;
    }
    enrich.mutate(
      { params: { path: { id } } },
      {
        onSuccess: () => showToast(`The data sources are asked again about ${name}`),
        onError: (error: unknown) => showToast(messageOf(error), { isError: true }),
      },
    );
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: withActive(keys.onOpen),
    x: withActive(keys.onSelect),
    e: withActive(askAgain),
    m: withActive(keys.onMemo),
    v: keys.onView,
    '?': keys.onKeys,
    ...(keys.onClose && { Escape: keys.onClose }),
  });
}
