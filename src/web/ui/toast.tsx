import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './button.tsx';
import { onTopDialog, topDialog } from './open-dialogs.ts';
import styles from './toast.module.css';

interface Toast {
  id: number;
  message: string;
  isError: boolean;
  /** Takes the deed back. */
  undo?: (() => void) | undefined;
}

const SHOWN_MS = 8_000;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

/** Tells what has been done for 8 seconds, with a way to take it back; errors stay until they are closed. */
export function showToast(
  message: string,
  { undo, isError = false }: { undo?: () => void; isError?: boolean } = {},
): void {
  lastId += 1;
  const id = lastId;
  set([...toasts.slice(-3), { id, message, isError, undo }]);
  if (!isError) setTimeout(() => close(id), SHOWN_MS);
}

/** Where toasts appear: at the end of the page, or in the dialog on top, since nothing outside it can be pressed. */
export function ToastRegion() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  const dialog = useSyncExternalStore(onTopDialog, topDialog);
  return createPortal(
    <section className={styles.region} aria-label="Messages" aria-live="polite">
      {shown.map(({ id, message, isError, undo }) => (
        <div key={id} className={styles.toast} role={isError ? 'alert' : undefined}>
          <span className="grow">{message}</span>
          {undo && (
            <Button
              size="small"
              onClick={() => {
                undo();
                close(id);
              }}
            >
              Undo
            </Button>
          )}
          <Button
            size="small"
            variant="quiet"
            aria-label="Close message"
            icon={<X size={14} />}
            onClick={() => close(id)}
          />
        </div>
      ))}
    </section>,
    dialog ?? document.body,
  );
}

function close(id: number): void {
  set(toasts.filter((one) => one.id !== id));
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
