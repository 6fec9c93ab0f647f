import { formatCount, formatDay } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { formatValue } from '../../ui/charts/chart-data.ts';
import { LineChart } from '../../ui/charts/index.ts';
import { Card, Facts } from '../../ui/page.tsx';
import { ForecastCard } from './forecast-card.tsx';
import styles from './market.module.css';
import { chartUnit, signedPercent } from './market-words.ts';
import { AnswerNotes, Confidence } from './parts.tsx';
import type { Anomaly, Trend } from './tool-answers.ts';
import { linesOf, marksOf, type PeriodValue } from './trend-series.ts';

const SPANS = { week: 104, month: 36, quarter: 12 } as const;
const DIRECTIONS: Record<Trend['direction'], { word: string; tone: Tone }> = {
  rising: { word: 'rising', tone: 'info' },
  falling: { word: 'falling', tone: 'warn' },
  flat: { word: 'flat', tone: 'neutral' },
  mixed: { word: 'mixed', tone: 'neutral' },
  unknown: { word: 'unknown', tone: 'neutral' },
};

/** One figure over time with its season, forecast and marks; what its trend is; and the forecasts of the market. */
export function TrendView({ answer, anomalies }: { answer: Trend; anomalies: readonly Anomaly[] }) {
  const grain = answer.grain ?? 'week';
  const unit = chartUnit(answer.unit);
  const forecast = answer.forecast.find((one) => one.metric === answer.metric && one.available)?.forecast;
  const lines = linesOf(answer.label, answer.series, { grain, shown: SPANS[grain], forecast });
  const marks = marksOf(anomalies, answer.metric, answer.series[0]?.period ?? '');
  const direction = DIRECTIONS[answer.direction];
  return (
    <>
      <div className={styles.trend}>
        <Card>
          <LineChart
            label={answer.label}
            unit={unit}
            series={lines}
            marks={marks}
            bandName="80% interval"
            height={320}
            empty={`${answer.market} has no ${answer.label.toLowerCase()} here. ${answer.notes[0] ?? ''}`}
            note={
              marks.length > 0
                ? `◆ ${formatCount(marks.length)} ${marks.length === 1 ? 'place that stands' : 'places that stand'} out of the figure’s own past.`
                : undefined
            }
          />
          <AnswerNotes answer={answer}>
            {formatCount(answer.series.length)} {grain}s
            {answer.missing_periods.length > 0 && `, ${formatCount(answer.missing_periods.length)} missing`}
          </AnswerNotes>
        </Card>
        <Card title="The trend">
          <Facts
            facts={[
              [
                'Direction',
                <span key="direction" className="row">
                  <Badge tone={direction.tone}>{direction.word}</Badge>
                  <span className="small muted">{methodOf(answer.direction_method)}</span>
                </span>,
              ],
              ['Newest', newestOf(answer.series, unit, grain)],
              ['Against a year before', changeOf(answer.year_over_year, unit)],
              ['Over the span', changeOf(answer.change, unit)],
              [
                `Slope a ${grain}`,
                answer.slope_per_period === null
                  ? 'Too few periods'
                  : `${signed(answer.slope_per_period.value, unit)} (90% interval ${signed(answer.slope_per_period.low, unit)} to ${signed(answer.slope_per_period.high, unit)})`,
              ],
              [
                'Acceleration',
                answer.acceleration === null
                  ? 'Not known'
                  : answer.acceleration.method === 'year_over_year'
                    ? `${unit === '%' ? signedPercent(answer.acceleration.value) : signedPercent(answer.acceleration.value)} of yearly change within a quarter`
                    : `${signed(answer.acceleration.value, unit)} of slope between halves`,
              ],
              ['Confidence', <Confidence key="confidence" confidence={answer.confidence} isLong />],
            ]}
          />
        </Card>
      </div>
      <div className={styles.two}>
        {answer.forecast.map((one) => (
          <ForecastCard key={one.figure} forecast={one} grain={grain} />
        ))}
      </div>
    </>
  );
}

function newestOf(series: readonly PeriodValue[], unit: string, grain: string): string {
  const last = series.at(-1);
  return last === undefined ? 'None' : `${formatValue(last.value, unit)}, ${grain} from ${formatDay(last.period)}`;
}

function changeOf(change: Trend['change'], unit: string): string {
  if (change === null) return 'Nothing to compare with';
  const relative = change.relative === null ? '' : `${signedPercent(change.relative)}, `;
  return `${relative}${signed(change.difference, unit)} since ${formatDay(change.from.period)}`;
}

function signed(value: number, unit: string): string {
  const text = formatValue(Math.abs(value), unit);
  return `${value < 0 ? '−' : '+'}${text}`;
}

function methodOf(method: Trend['direction_method']): string {
  if (method === 'year_over_year') return 'by yearly changes, free of season';
  return method === 'slope' ? 'by the slope; season is still in it' : 'too little data';
}
