import { Link } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { QueryView } from '../../ui/states.tsx';
import { Heading } from './section.tsx';
import styles from './valuation.module.css';

/** What it means that so many sales fell within the 80% interval. */
function coverageWords(share: number): string {
  if (share < 0.76) return 'of the sales: too narrow, read it wider';
  return share > 0.86 ? 'of the sales: wider than need be' : 'of the sales: as promised';
}

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
                    <dd>{coverageWords(entry.coverage_80)}</dd>
                  </div>
                </dl>
              )}
              <p className="small">
                {entry && `Values of model ${entry.version}, each against the sale that followed it. `}
                {statement} <Link to="/scoreboard">Scoreboard</Link>
              </p>
            </>
          );
        }}
      </QueryView>
    </div>
  );
}
