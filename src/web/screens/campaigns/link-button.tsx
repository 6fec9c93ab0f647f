import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import styles from '../../ui/button.module.css';
import { classNames } from '../../ui/class-names.ts';

/** An address that looks like a button. */
export function LinkButton({
  to,
  search,
  variant = 'secondary',
  icon,
  children,
}: {
  to: string;
  search?: Readonly<Record<string, unknown>>;
  variant?: 'primary' | 'secondary' | 'quiet';
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Link to={to} search={(search ?? {}) as never} className={classNames(styles.button, styles[variant])}>
      {icon}
      {children}
    </Link>
  );
}
