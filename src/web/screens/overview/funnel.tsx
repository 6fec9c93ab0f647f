import { Link } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { Card } from '../../ui/page.tsx';
import { QueryView } from '../../ui/states.tsx';
import styles from './funnel.module.css';
import { type FunnelRow, formatHours, funnelRows } from './funnel-rows.ts';

/** How far properties came, and how many are in each stage now. */
export function Funnel() {
  const query = api.useQuery('get', '/api/v1/analytics/pipeline', {});
  return (
    <Card title="Pipeline">
      <QueryView query={query} lines={7}>
        {(answer) => (
          <>
            <ol className={styles.funnel}>
              {funnelRows(answer).map((row) => (
                <Stage key={row.stage} row={row} />
              ))}
            </ol>
            <p className={styles.legend}>
              <span className={styles.here} aria-hidden="true" /> in the stage now
              <span className={styles.beyond} aria-hidden="true" /> went on from it
              <span className={styles.rest}>
                {(answer.failed > 0 || answer.suppressed > 0) && 'Besides: '}
                {answer.failed > 0 && <Link to="/operations/failures">{formatCount(answer.failed)} stopped</Link>}
                {answer.failed > 0 && answer.suppressed > 0 && ', '}
                {answer.suppressed > 0 && (
                  <Link to="/properties" search={{ status: 'suppressed' } as never}>
                    {formatCount(answer.suppressed)} left alone
                  </Link>
                )}
              </span>
            </p>
          </>
        )}
      </QueryView>
    </Card>
  );
}

function Stage({ row }: { row: FunnelRow }) {
  const hours = formatHours(row.medianHours);
  return (
    <li>
      <Link to="/properties" search={{ status: row.stage } as never} className={styles.stage}>
        <span className={styles.name}>{row.name}</span>
        <span className={styles.track} aria-hidden="true">
          <span className={styles.here} style={{ width: width(row.hereShare) }} />
          <span className={styles.beyond} style={{ width: width(row.beyondShare) }} />
        </span>
        <span className={styles.count}>
          {formatCount(row.here)}
          <span className="visually-hidden"> in this stage now,</span>
        </span>
        <span className={styles.note}>
          {formatCount(row.reached)} came this far
          {row.conversion !== null && row.conversion < 1 && ` (${formatPercent(row.conversion, 0)})`}
          {hours !== null && <span className={styles.time}>, median {hours} to the next stage</span>}
        </span>
      </Link>
    </li>
  );
}

function width(share: number): string {
  return share === 0 ? '0' : `max(3px, ${(share * 100).toFixed(2)}%)`;
}
