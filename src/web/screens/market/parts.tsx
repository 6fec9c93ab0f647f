import { Info } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatDay, formatPercent } from '../../lib/format.ts';
import { readable } from '../../lib/prose.ts';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { TabLinks } from '../../ui/tabs.tsx';
import styles from './market.module.css';
import { confidenceWord, metricName } from './market-words.ts';

/** The parts of the market's room. */
export function MarketTabs() {
  return (
    <div className={styles.tabs}>
      <TabLinks
        label="Market"
        tabs={[
          { to: '/market', text: 'Ranking', isExact: true },
          { to: '/market/trend', text: 'Trends' },
          { to: '/market/signals', text: 'Surges and anomalies' },
          { to: '/market/packets', text: 'Decisions' },
          { to: '/market/deals', text: 'Deals' },
          { to: '/market/briefings', text: 'Briefings' },
          { to: '/market/feeds', text: 'Feeds' },
          { to: '/market/confidence', text: 'Confidence' },
        ]}
      />
    </div>
  );
}

/** No figures are there: how to bring some. */
export function NoFeeds({ title = 'No market has any figures yet' }: { title?: string }) {
  return (
    <EmptyState title={title} action={<HowToLoad />}>
      Rankings, trends and decisions are made from market feeds.
    </EmptyState>
  );
}

/** The ways to bring market data: a command, the drop folder, an invented world. */
export function HowToLoad() {
  return (
    <div className={styles.howTo}>
      <p>
        Load what Redfin, Zillow, FRED, Case-Shiller or FHFA publish, or your own feeds (CSV, TSV, JSON lines, Parquet):
      </p>
      <pre>npx reos market load market-tracker.tsv.gz MORTGAGE30US.csv</pre>
      <p>
        Or put the files into the drop folder of your organisation, <code>$MARKET_DROP/&lt;organisation&gt;/</code>: the
        daily refresh takes them. To look around first, an invented world of 20 markets:
      </p>
      <pre>npx reos market world --load</pre>
    </div>
  );
}

/** How firm an answer is; its reasons in the tooltip and for screen readers. */
export function Confidence({
  confidence,
  isLong,
}: {
  confidence: { value: number; sample_size?: number; reasons?: readonly string[] };
  isLong?: boolean;
}) {
  const { word, tone } = confidenceWord(confidence.value);
  const reasons = confidence.reasons ?? [];
  const why = reasons.length === 0 ? 'Nothing speaks against it' : reasons.join('; ');
  return (
    <span className={styles.confidence}>
      <Badge tone={tone} title={why}>
        {formatPercent(confidence.value, 0)} {word}
      </Badge>
      {isLong ? (
        reasons.length > 0 && <span className="small muted">{why}</span>
      ) : (
        <span className="visually-hidden">{why}</span>
      )}
    </span>
  );
}

interface Answer {
  as_of: string;
  data_through: string | null;
  notes: readonly string[];
}

/** As of when an answer is, through when its data go, and what to know before relying on it. */
export function AnswerNotes({ answer, children }: { answer: Answer; children?: ReactNode }) {
  return (
    <div className={styles.notes}>
      <p className="small muted">
        As of {formatDay(answer.as_of)} ·{' '}
        {answer.data_through === null ? 'no data' : `data through ${formatDay(answer.data_through)}`}
        {children && <> · {children}</>}
      </p>
      {answer.notes.map((note) => (
        <p key={note} className={styles.note}>
          <Info size={14} aria-hidden="true" /> {readable(note, metricName)}
        </p>
      ))}
    </div>
  );
}

/** The parts of a score as small columns, as high as the share of their points that they have. */
export function PartBars({
  parts,
}: {
  parts: ReadonlyArray<{ figure: string; points: number | null; most: number; reason: string }>;
}) {
  const label = parts.map(({ reason }) => reason).join('. ');
  return (
    <svg
      className={styles.parts}
      viewBox={`0 0 ${parts.length * 12} 24`}
      width={parts.length * 12}
      height={24}
      role="img"
      aria-label={label}
    >
      <title>{parts.map(({ reason }) => reason).join('\n')}</title>
      {parts.map(({ figure, points, most }, index) => {
        const share = points === null || most === 0 ? 0 : Math.max(0, Math.min(1, points / most));
        return (
          <g key={figure}>
            <rect className={styles.partRoom} x={index * 12} y={0} width={9} height={24} rx={2} />
            {points === null ? (
              <line className={styles.partUnknown} x1={index * 12 + 2} x2={index * 12 + 7} y1={12} y2={12} />
            ) : (
              <rect
                className={styles.part}
                x={index * 12}
                y={24 - Math.max(1.5, share * 24)}
                width={9}
                height={Math.max(1.5, share * 24)}
                rx={2}
              />
            )}
          </g>
        );
      })}
    </svg>
  );
}
