const listeners = new Set<() => void>();
let open: readonly HTMLDialogElement[] = [];

/** Notes that a dialog is open, until the answer is called. */
export function noteOpenDialog(dialog: HTMLDialogElement): () => void {
  set([...open, dialog]);
  return () => set(open.filter((one) => one !== dialog));
}

/** The dialog on top; null when none is open. Whatever lies outside it can neither be seen well nor used. */
export function topDialog(): HTMLDialogElement | null {
  return open.at(-1) ?? null;
}

/** Hears when another dialog is on top; the answer ends it. */
export function onTopDialog(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function set(next: readonly HTMLDialogElement[]): void {
  open = next;
  for (const listener of listeners) listener();
}
