import { RefreshCw } from 'lucide-react';
import { formatMoment } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/page.tsx';
import { QueryView } from '../../ui/states.tsx';
import { type HealthPart, useHealth } from '../overview/queries.ts';
import { adviceFor, COMPONENT_NAMES, HEALTH_WORDS } from './health-advice.ts';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';

const TONES: Readonly<Record<HealthPart['status'], Tone>> = {
  healthy: 'good',
  degraded: 'warn',
  unhealthy: 'bad',
  not_configured: 'neutral',
};
const RANK: Readonly<Record<HealthPart['status'], number>> = {
  unhealthy: 0,
  degraded: 1,
  not_configured: 2,
  healthy: 3,
};

/** Each part of the installation: how it is, what rests on it, and what to do about it. */
export function HealthScreen() {
  const query = useHealth();
  return (
    <OperationsPage
      title="Operations"
      about="Each part of the installation, and what to do when one is down."
      actions={
        <Button icon={<RefreshCw size={16} />} busy={query.isFetching} onClick={() => void query.refetch()}>
          Ask again
        </Button>
      }
    >
      <QueryView query={query} lines={8}>
        {(health) => (
          <>
            <p className="muted">As of {formatMoment(health.timestamp)}; asked again each minute.</p>
            <ul className={styles.components}>
              {Object.entries(health.components)
                .sort(([, a], [, b]) => RANK[a.status] - RANK[b.status])
                .map(([name, part]) => (
                  <Component key={name} name={name} part={part} />
                ))}
            </ul>
          </>
        )}
      </QueryView>
    </OperationsPage>
  );
}

function Component({ name, part }: { name: string; part: HealthPart }) {
  const advice = adviceFor(name);
  const isWell = part.status === 'healthy';
  const facts: Array<readonly [string, string]> = [
    ...(part.detail === undefined
      ? []
      : [['It says', part.detail.charAt(0).toUpperCase() + part.detail.slice(1)] as const]),
    ...(part.memory_percent === undefined ? [] : [['Memory used', `${part.memory_percent}%`] as const]),
    ...(part.disk_percent === undefined ? [] : [['Disk used', `${part.disk_percent}%`] as const]),
  ];
  return (
    <li className={styles.component} data-status={part.status}>
      <div className="row spread">
        <h2>{COMPONENT_NAMES[name] ?? name}</h2>
        <Badge tone={TONES[part.status]}>{HEALTH_WORDS[part.status]}</Badge>
      </div>
      <p className="muted">{advice.purpose}</p>
      {facts.length > 0 && <Facts facts={facts} />}
      {!isWell && <p>{advice.effect}</p>}
      {!isWell && (
        <p className={styles.next}>
          <strong>Next: </strong>
          {advice.next}
        </p>
      )}
    </li>
  );
}
