import { ChevronDown } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import styles from './menu.module.css';

/** A button that shows more below itself; Escape, a click elsewhere or leaving it by keyboard closes it. */
export function Menu({
  text,
  label,
  icon,
  variant,
  children,
}: {
  text?: string;
  /** Read out, where there is no text. */
  label?: string;
  icon?: ReactNode;
  variant?: 'quiet';
  children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  const id = useId();
  const close = () => setOpen(false);
  useEffect(() => {
    if (!isOpen) return;
    const onPress = (event: PointerEvent) => {
      if (!ref.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // What is around it (a dialog, a panel) stays open.
      event.stopPropagation();
      event.preventDefault();
      setOpen(false);
      ref.current?.querySelector('button')?.focus();
    };
    window.addEventListener('pointerdown', onPress);
    window.addEventListener('keydown', onKey, { capture: true });
    return () => {
      window.removeEventListener('pointerdown', onPress);
      window.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what its button and list let through
    <div
      ref={ref}
      className={styles.menu}
      onBlur={(event) => {
        const next = event.relatedTarget;
        if (next !== null && !event.currentTarget.contains(next)) setOpen(false);
      }}
    >
      <Button
        size="small"
        variant={variant ?? 'secondary'}
        aria-label={label}
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        icon={icon}
        onClick={() => setOpen(!isOpen)}
      >
        {text}
        {text && <ChevronDown size={14} aria-hidden="true" />}
      </Button>
      {isOpen && (
        <div id={id} className={styles.list}>
          {children(close)}
        </div>
      )}
    </div>
  );
}

/** One thing to do in a menu, with what it does. */
export function MenuItem({
  icon,
  text,
  note,
  isDangerous,
  onSelect,
}: {
  icon?: ReactNode;
  text: string;
  note?: string;
  isDangerous?: boolean;
  onSelect: () => void;
}) {
  return (
    <button type="button" className={styles.item} data-danger={isDangerous || undefined} onClick={onSelect}>
      {icon}
      <span>
        {text}
        {note && <small>{note}</small>}
      </span>
    </button>
  );
}
