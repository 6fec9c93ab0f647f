import type { ReactNode } from 'react';
import { humanise } from '../lib/format.ts';
import styles from './badge.module.css';
import { classNames } from './class-names.ts';

export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'info';

/** A short label whose words, not its colour, say what it means; they begin with a capital. */
export function Badge({ tone = 'neutral', children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={classNames(styles.badge, styles[tone])} title={title}>
      {typeof children === 'string' ? children.charAt(0).toUpperCase() + children.slice(1) : children}
    </span>
  );
}

const TONES: Record<string, Tone> = {
  new: 'neutral',
  ready: 'neutral',
  enriched: 'info',
  scored: 'info',
  packet_ready: 'good',
  contacted: 'good',
  engaged: 'good',
  closed: 'neutral',
  failed: 'bad',
  suppressed: 'warn',
  quarantine: 'warn',
  running: 'info',
  completed: 'good',
  success: 'good',
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
  paused: 'warn',
  pending: 'neutral',
  open: 'warn',
  low: 'neutral',
  medium: 'info',
  high: 'warn',
  critical: 'bad',
};

/** A status of the API in words, with its tone. */
export function StatusBadge({ status }: { status: string }) {
  return <Badge tone={TONES[status.toLowerCase()] ?? 'neutral'}>{humanise(status.toLowerCase())}</Badge>;
}
