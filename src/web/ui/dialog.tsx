import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import styles from './dialog.module.css';
import { noteOpenDialog } from './open-dialogs.ts';

interface DialogProps {
  title: string;
  /** Called by Escape and the cross; without it the dialog cannot be left but by what is in it. */
  onClose?: () => void;
  children: ReactNode;
  /** Buttons at the bottom. */
  actions?: ReactNode;
  /** `side`: along the right edge, full height. */
  place?: 'centre' | 'side';
  size?: 'normal' | 'wide';
}

/** A modal dialog (the browser's own: focus stays in it and comes back after it). It is open while it is rendered. */
export function Dialog({ title, onClose, children, actions, place = 'centre', size = 'normal' }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Before the dialog leaves the page: the browser gives the focus back only from one that is still there.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    if (!dialog.open) dialog.showModal();
    const forget = noteOpenDialog(dialog);
    return () => {
      forget();
      dialog.close();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={classNames(styles.dialog, styles[place], size === 'wide' && styles.wide)}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <div className={styles.header}>
        <h2 id={titleId}>{title}</h2>
        {onClose && <Button variant="quiet" size="small" icon={<X size={16} />} aria-label="Close" onClick={onClose} />}
      </div>
      <div className={styles.body}>{children}</div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** What will happen, and whether it can be undone. */
  children: ReactNode;
  /** The deed as a verb: "Delete key". */
  confirmLabel: string;
  isDangerous?: boolean;
  busy?: boolean;
  error?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before what cannot be undone. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  isDangerous,
  busy,
  error,
  onConfirm,
  onClose,
}: ConfirmProps) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant={isDangerous ? 'danger' : 'primary'} busy={busy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
      {error && (
        <p role="alert" className={styles.error}>
          {error}
        </p>
      )}
    </Dialog>
  );
}

/** The buttons at the end of a form that stands in a dialog, where the dialog has its own otherwise. */
export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={`${styles.actions} ${styles.inBody}`}>{children}</div>;
}
