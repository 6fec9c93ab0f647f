import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'normal' | 'small';
  /** A Lucide icon at 16 px, before the text. */
  icon?: ReactNode;
  /** Its work is under way: it cannot be pressed again, and says so. */
  busy?: boolean;
}

/** A button; without text it needs an `aria-label`. */
export function Button({
  variant = 'secondary',
  size = 'normal',
  icon,
  busy = false,
  children,
  className,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={classNames(styles.button, styles[variant], size === 'small' && styles.small, className)}
      aria-busy={busy || undefined}
      // Not `disabled`: a button at work keeps the focus.
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {icon}
      {children}
    </button>
  );
}
