import { Link } from '@tanstack/react-router';
import { formatAgo } from '../../lib/format.ts';
import { Card } from '../../ui/page.tsx';
import { QueryView } from '../../ui/states.tsx';
import { COMPONENT_NAMES, HEALTH_WORDS } from '../operations/health-advice.ts';
import styles from './lists.module.css';
import { useHealth } from './queries.ts';

/** Each part of the installation with a mark; what to do about one is on its screen. */
export function HealthSummary() {
  const query = useHealth();
  return (
    <Card title="Components" actions={<Link to="/operations/health">Details</Link>}>
      <QueryView query={query} lines={4}>
        {(health) => (
          <>
            <ul className={styles.components}>
              {Object.entries(health.components).map(([name, part]) => (
                <li key={name} title={part.detail}>
                  <span className={styles.mark} data-status={part.status} aria-hidden="true" />
                  {COMPONENT_NAMES[name] ?? name}
                  <span className={styles.markWord}>{HEALTH_WORDS[part.status]}</span>
                </li>
              ))}
            </ul>
            <p className="small muted">Asked {formatAgo(health.timestamp)}.</p>
          </>
        )}
      </QueryView>
    </Card>
  );
}
