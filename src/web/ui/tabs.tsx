import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import styles from './tabs.module.css';

/** Parts of a screen, each with an address of its own. */
export function TabLinks({
  label,
  tabs,
}: {
  label: string;
  tabs: ReadonlyArray<{ to: string; text: string; isExact?: boolean }>;
}) {
  const list = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(() => {
    // On a narrow screen the tab that is open may be out of sight.
    const current = path && list.current?.querySelector('[aria-current="page"]');
    if (current) current.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  return (
    <nav className={styles.tabs} aria-label={label} ref={list}>
      {tabs.map(({ to, text, isExact }) => (
        <Link key={to} to={to} className={styles.tab} activeOptions={{ exact: isExact ?? false, includeSearch: false }}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
