import { Link } from '@tanstack/react-router';
import styles from './tabs.module.css';

/** Parts of a screen, each with an address of its own. */
export function TabLinks({
  label,
  tabs,
}: {
  label: string;
  tabs: ReadonlyArray<{ to: string; text: string; isExact?: boolean }>;
}) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {tabs.map(({ to, text, isExact }) => (
        <Link key={to} to={to} className={styles.tab} activeOptions={{ exact: isExact ?? false, includeSearch: false }}>
          {text}
        </Link>
      ))}
    </nav>
  );
}
