import type { ReactNode } from 'react';
import styles from './gate.module.css';

/** The frame of the screens that need nobody signed in. */
export function Gate({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className={styles.gate}>
      <title>{`${title} · Real Estate OS`}</title>
      <div className={styles.card}>
        <header className={styles.header}>
          <img src="/icon.svg" alt="" width={40} height={40} />
          <div>
            <p className="muted">Real Estate OS</p>
            <h1>{title}</h1>
          </div>
        </header>
        {children}
      </div>
    </main>
  );
}
