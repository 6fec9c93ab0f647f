import { formatDay, formatNumber } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { formatFigure } from '../../ui/charts/chart-data.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import styles from './market.module.css';
import { chartUnit, signedPercent } from './market-words.ts';
import { AnswerNotes, Confidence } from './parts.tsx';

interface Figure {
  metric: string;
  label: string;
  unit: string;
  value: number;
  period: string;
  change_previous: number | null;
  change_year: number | null;
}

interface Risk {
  score: number | null;
  band: 'low' | 'moderate' | 'elevated' | 'high' | null;
  confidence: { value: number; sample_size: number; reasons: string[] };
}

const BANDS: Record<string, Tone> = { low: 'good', moderate: 'info', elevated: 'warn', high: 'bad' };
const SHOWN = ['median_sale_price', 'home_value_index', 'days_on_market', 'inventory_count', 'homes_sold'];

/** Risk and the newest figures of a market, each against a year before. */
export function TrendSummary({ risk, figures }: { risk: Risk; figures: readonly Figure[] }) {
  return (
    <Stats>
      <Stat
        label="Risk, 0 to 100"
        value={formatNumber(risk.score)}
        note={
          <span className="row">
            {risk.band ? <Badge tone={BANDS[risk.band]}>{risk.band}</Badge> : 'Too little data'}
            <Confidence confidence={risk.confidence} />
          </span>
        }
      />
      {SHOWN.flatMap((name) => figures.find(({ metric }) => metric === name) ?? []).map((figure) => (
        <Stat
          key={figure.metric}
          label={figure.label}
          value={shownValue(figure)}
          note={figure.change_year === null ? 'no year before to compare' : `${changeOf(figure)} against a year before`}
        />
      ))}
    </Stats>
  );
}

/** Every figure of a market; choosing one draws it above. */
export function TrendFigures({
  answer,
  chosen,
  onMetric,
}: {
  answer: { as_of: string; data_through: string | null; notes: string[]; figures: Figure[] };
  chosen: string;
  onMetric: (metric: string) => void;
}) {
  return (
    <Card title="All figures" isFlush>
      <SimpleTable
        label="All figures of the market"
        rows={answer.figures}
        getRowId={({ metric }) => metric}
        markedId={chosen}
        columns={[
          {
            id: 'figure',
            header: 'Figure',
            width: 200,
            cell: ({ metric, label }) => (
              <button
                type="button"
                className="text-button"
                aria-pressed={metric === chosen}
                onClick={() => {
                  onMetric(metric);
                  document.getElementById('content')?.scrollTo({ top: 0 });
                }}
              >
                {label}
              </button>
            ),
          },
          { id: 'value', header: 'Newest', align: 'end', cell: shownValue },
          {
            id: 'previous',
            header: 'Against the period before',
            align: 'end',
            cell: ({ change_previous: value, unit }) => changed(value, unit),
          },
          { id: 'year', header: 'Against a year before', align: 'end', cell: changeOf },
          { id: 'period', header: 'Period from', cell: ({ period }) => formatDay(period) },
        ]}
      />
      <div className={styles.padded}>
        <AnswerNotes answer={answer}>changes of shares are percentage points</AnswerNotes>
      </div>
    </Card>
  );
}

const shownValue = ({ value, unit }: Figure) => formatFigure(value, chartUnit(unit));
const changeOf = ({ change_year: value, unit }: Figure) => changed(value, unit);
const changed = (value: number | null, unit: string) =>
  unit === 'ratio' && value !== null ? signedPercent(value).replace('%', '\u00a0pts') : signedPercent(value);
