import { X } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { Button } from './button.tsx';
import { onTopDialog, topDialog } from './open-dialogs.ts';
import styles from './toast.module.css';
import { closeToast, onToasts, readToasts, restToasts, undoToast } from './toasts.ts';

export { showToast } from './toasts.ts';

/**
 * Where toasts appear: at the end of the page, or in the dialog on top, since nothing outside it can be pressed. They stay
 * while the pointer or the focus is on them; `u` or Ctrl+Z takes the newest back, wherever the focus is but in a field.
 */
export function ToastRegion() {
  const shown = useSyncExternalStore(onToasts, readToasts);
  const dialog = useSyncExternalStore(onTopDialog, topDialog);
  const [said, setSaid] = useState('');
  const undo = (id?: number): boolean => {
    const undone = undoToast(id);
    if (undone !== undefined) setSaid(`Undone: ${undone.message}`);
    return undone !== undefined;
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isUndoKey(event) || isTyping(event.target) || event.defaultPrevented) return;
      if (undo()) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  // A region that moves, or whose last message went, tells of no leaving.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change of place ends the rest
  useEffect(() => restToasts(false), [dialog, shown.length === 0]);
  return createPortal(
    <section
      className={styles.region}
      aria-label="Messages"
      aria-live="polite"
      onPointerEnter={() => restToasts(true)}
      onPointerLeave={({ currentTarget }) => restToasts(currentTarget.contains(document.activeElement))}
      onFocus={() => restToasts(true)}
      onBlur={({ currentTarget, relatedTarget }) => restToasts(currentTarget.contains(relatedTarget as Node | null))}
    >
      <span className="visually-hidden">{said}</span>
      {shown.map((toast) => (
        <div key={toast.id} className={styles.toast} role={toast.isError ? 'alert' : undefined}>
          <span className="grow">{toast.message}</span>
          {toast.undo && (
            <>
              <span className={styles.key} aria-hidden="true">
                u
              </span>
              <Button size="small" title="Undo (u)" aria-keyshortcuts="u Control+Z" onClick={() => undo(toast.id)}>
                Undo
              </Button>
            </>
          )}
          <Button
            size="small"
            variant="quiet"
            aria-label="Close message"
            icon={<X size={14} />}
            onClick={() => closeToast(toast.id)}
          />
        </div>
      ))}
    </section>,
    dialog ?? document.body,
  );
}

function isUndoKey({ key, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  if (altKey || shiftKey) return false;
  return ctrlKey || metaKey ? key === 'z' : key === 'u';
}

function isTyping(target: EventTarget | null): boolean {
  const typed = 'input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [contenteditable]';
  return target instanceof Element && target.closest(typed) !== null;
}
