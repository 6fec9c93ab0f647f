import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';

/**
 * Does something that has no way back once the message that tells of it has gone without “Undo”: after 8 seconds, or later
 * while somebody is at it. Who leaves the page has not undone it: then it is done at once.
 */
export function afterUndo(message: string, deed: () => Promise<unknown>): void {
  let isOver = false;
  const end = () => {
    isOver = true;
    window.removeEventListener('pagehide', begin);
  };
  const begin = () => {
    if (isOver) return;
    end();
    deed().catch((error: unknown) => showToast(messageOf(error), { isError: true }));
  };
  window.addEventListener('pagehide', begin);
  showToast(message, { undo: end, onEnd: begin });
}
