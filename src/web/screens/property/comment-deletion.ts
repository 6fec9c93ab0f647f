import { useSyncExternalStore } from 'react';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { answerKey } from './queries.ts';

const listeners = new Set<() => void>();
let hidden: ReadonlySet<string> = new Set();

/** The comments that are being deleted: no longer shown, not yet erased. */
export function useDeletions(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hidden,
  );
}

/** Hides the comment and erases it, for good, once the message that offers to take it back is gone. Leaving the page before that keeps it. */
export function deleteComment(commentId: string, propertyId: string): void {
  set(new Set([...hidden, commentId]));
  showToast('Comment deleted.', {
    undo: () => show(commentId),
    onEnd: () => void erase(commentId, propertyId),
  });
}

async function erase(commentId: string, propertyId: string): Promise<void> {
  try {
    await take(client.DELETE('/api/v1/comments/{id}', { params: { path: { id: commentId } } }));
  } catch (error) {
    showToast(`The comment was not deleted. ${messageOf(error)}`, { isError: true });
  }
  await queryClient.invalidateQueries({ queryKey: answerKey(propertyId, ['comments']) });
  show(commentId);
}

function show(commentId: string): void {
  set(new Set([...hidden].filter((one) => one !== commentId)));
}

function set(next: ReadonlySet<string>): void {
  hidden = next;
  for (const listener of listeners) listener();
}
