import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { scrollAcross } from './scroll-across.ts';
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
  const count = tabs.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: tabs come as it becomes known what the person may see
  useEffect(() => {
    // On a narrow screen the tab that is open may be out of sight.
    scrollAcross(list.current, '[aria-current="page"]');
  }, [path, count]);
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
