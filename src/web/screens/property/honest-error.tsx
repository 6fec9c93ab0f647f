import { Link } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { QueryView } from '../../ui/states.tsx';
import { Heading } from './section.tsx';
import styles from './valuation.module.css';

/** How values of this county compared with the sales that followed them: the error as it was, not as it was hoped. */
export function HonestError({ countyFips }: { countyFips: string }) {
  const board = api.useQuery(
    'get',
    '/api/v1/scoreboard',
    { params: { query: { county: countyFips } } },
    { staleTime: 600_000 },
  );
  return (
    <div className={styles.honest}>
      <Heading depth={2}>How such values came true here</Heading>
      <QueryView query={board} label="How values came true" lines={2}>
        {({ entries, statement }) => {
          const entry = entries.filter((one) => !one.is_shadow).sort((a, b) => b.count - a.count)[0];
          return (
            <>
              {entry && (
                <dl className={styles.track}>
                  <div>
                    <dt>Median error</dt>
                    <dd>{formatPercent(entry.median_error)}</dd>
                    <dd>of {formatCount(entry.count)} sales</dd>
                  </div>
                  <div>
                    <dt>Within 10%</dt>
                    <dd>{formatPercent(entry.within_10, 0)}</dd>
                    <dd>of the price paid</dd>
                  </div>
                  <div>
                    <dt>Within 20%</dt>
                    <dd>{formatPercent(entry.within_20, 0)}</dd>
                    <dd>of the price paid</dd>
                  </div>
                  <div>
                    <dt>80% interval held</dt>
                    <dd>{formatPercent(entry.coverage_80, 0)}</dd>
                    <dd>of the sales; 80% is right</dd>
                  </div>
                </dl>
              )}
              <p className="small">
                {statement} <Link to="/scoreboard">Scoreboard</Link>
              </p>
            </>
          );
        }}
      </QueryView>
    </div>
  );
}
