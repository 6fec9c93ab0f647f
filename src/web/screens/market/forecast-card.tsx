import { formatPercent } from '../../lib/format.ts';
import { readable } from '../../lib/prose.ts';
import { formatFigure } from '../../ui/charts/chart-data.ts';
import { BarChart, LineChart } from '../../ui/charts/index.ts';
import { Card } from '../../ui/page.tsx';
import { chartUnit } from './market-words.ts';
import type { Forecast } from './tool-answers.ts';
import type { Grain } from './trend-series.ts';

const FIGURES = { price: 'Price', days_on_market: 'Days on market', sales: 'Homes sold' } as const;
const METHODS = {
  damped_trend: 'Damped trend with season',
  naive: 'Last value',
  seasonal_naive: 'Value of a year before',
} as const;

/** The errors of a statement with their unit: `erred by 12500` as `erred by $12,500`. */
function inUnit(statement: string, unit: string): string {
  return statement.replace(/\bby (\d+(?:\.\d+)?)/g, (_, error: string) => `by ${formatFigure(Number(error), unit)}`);
}

/** A forecast with its interval, and what each way of forecasting was worth on the market's own past. */
export function ForecastCard({ forecast, grain }: { forecast: Forecast; grain: Grain }) {
  const unit = chartUnit(forecast.unit);
  const title = `Forecast: ${FIGURES[forecast.figure].toLowerCase()}`;
  if (!forecast.available) {
    return (
      <Card title={title}>
        <p className="muted">{readable(forecast.statement)}</p>
      </Card>
    );
  }
  return (
    <Card title={title}>
      <div className="stack">
        <LineChart
          label={`${FIGURES[forecast.figure]}, ${forecast.forecast.length} ${grain}s ahead`}
          unit={unit}
          height={180}
          bandName="80% interval"
          series={[
            {
              name: 'Forecast',
              color: 2,
              isDashed: true,
              points: forecast.forecast.map(({ period, value, low, high }) => ({ x: period, y: value, low, high })),
            },
          ]}
        />
        {forecast.mae && (
          <BarChart
            label={`Mean error of ${FIGURES[forecast.figure].toLowerCase()} in back-tests`}
            unit={unit}
            bars={(['damped_trend', 'naive', 'seasonal_naive'] as const).flatMap((method) => {
              const error = forecast.mae?.[method] ?? null;
              if (error === null) return [];
              const isUsed = method === forecast.method;
              return [
                {
                  name: METHODS[method],
                  value: error,
                  tone: isUsed ? ('good' as const) : ('normal' as const),
                  ...(isUsed ? { note: 'used' } : {}),
                },
              ];
            })}
          />
        )}
        <p className="small muted">
          {inUnit(forecast.statement, unit)}{' '}
          {forecast.coverage_80 === null
            ? 'How often its 80% intervals held is not known.'
            : `Its 80% intervals held in ${formatPercent(forecast.coverage_80, 0)} of past forecasts; 80% would be right.`}
        </p>
      </div>
    </Card>
  );
}
