import { api } from '../../app/api.ts';
import { formatCount, formatDay, humanise } from '../../lib/format.ts';
import { Meter } from '../../ui/meter.tsx';
import { Card } from '../../ui/page.tsx';
import { QueryView } from '../../ui/states.tsx';
import styles from './settings.module.css';
import { formatUsed, meterOf } from './usage.ts';

/** What was used this month against what the plan allows. */
export function UsageCard() {
  const query = api.useQuery('get', '/api/v1/usage', {});
  return (
    <Card title="Usage">
      <QueryView query={query} lines={6}>
        {(usage) => (
          <div className={styles.meters}>
            <p className="muted">
              Plan {humanise(usage.plan)}. Months are UTC; the counts begin again on {formatDay(usage.resets_at)}.
            </p>
            <ul className={styles.meters}>
              {usage.meters.map((one) => {
                const { name, share, tone } = meterOf(one);
                return (
                  <li key={one.meter}>
                    <span className={styles.meterHead}>
                      <span>{name}</span>
                      <span className="figures">
                        {formatUsed(one.meter, one.used)}
                        <span className="muted">
                          {one.limit === null ? ', no bound' : ` of ${formatUsed(one.meter, one.limit)}`}
                        </span>
                      </span>
                    </span>
                    {share !== null && <Meter share={share} tone={tone} />}
                  </li>
                );
              })}
            </ul>
            <p className="small muted">
              At most {formatCount(usage.requests_per_minute)} requests a minute and{' '}
              {formatCount(usage.concurrent_scrapes)} {usage.concurrent_scrapes === 1 ? 'source' : 'sources'} read at
              once.
            </p>
          </div>
        )}
      </QueryView>
    </Card>
  );
}
