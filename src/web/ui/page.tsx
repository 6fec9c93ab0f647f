import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './page.module.css';

/** A screen: its title, what can be done with all of it, and its content. */
export function Page({
  title,
  about,
  actions,
  children,
  isFull,
}: {
  title: string;
  about?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  isFull?: boolean;
}) {
  return (
    <div className={classNames(styles.page, isFull && styles.full)}>
      <title>{`${title} · Real Estate OS`}</title>
      <header className={styles.header}>
        <div>
          <h1>{title}</h1>
          {about && <p className="muted">{about}</p>}
        </div>
        {actions && <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A part of a screen with a heading of its own. */
export function Card({
  title,
  actions,
  children,
  isFlush,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  isFlush?: boolean;
}) {
  return (
    <section className={styles.card}>
      {(title || actions) && (
        <header className={styles.cardHeader}>
          {title && <h2>{title}</h2>}
          {actions && <div className="row">{actions}</div>}
        </header>
      )}
      <div className={isFlush ? styles.cardFlush : styles.cardBody}>{children}</div>
    </section>
  );
}

/** One figure with its name, and what it is compared with. */
export function Stat({ label, value, note }: { label: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className={styles.stat}>
      <dt>{label}</dt>
      <dd className="figures">{value}</dd>
      {note && <dd className={styles.note}>{note}</dd>}
    </div>
  );
}

/** Figures side by side. */
export function Stats({ children }: { children: ReactNode }) {
  return <dl className={styles.stats}>{children}</dl>;
}

/** Names and values, one pair to a line. */
export function Facts({ facts }: { facts: ReadonlyArray<readonly [string, ReactNode]> }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
