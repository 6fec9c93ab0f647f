import { api } from '../../app/api.ts';
import { formatCount, formatNumber, formatPercent } from '../../lib/format.ts';
import { LineChart } from '../../ui/charts/index.ts';
import { SelectField } from '../../ui/field.tsx';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { AnswerNotes } from '../market/parts.tsx';
import { useAddress } from '../market/use-address.ts';
import styles from './scoreboard.module.css';

const BASES = [
  ['avm', 'Automated values'],
  ['offer_estimate', 'Estimates behind offers'],
  ['offer_price', 'Offers'],
  ['acquisition_price', 'Purchase prices'],
] as const;

/** Values of the market feeds against the resales that followed, month by month. */
export function FeedAccuracy() {
  const [address, change] = useAddress();
  const basis = BASES.find(([name]) => name === address.basis)?.[0] ?? 'avm';
  const query = api.useQuery('post', '/api/v1/intelligence/tools/analyze_pricing_accuracy', {
    body: { basis, by: 'month' },
  });
  return (
    <Card
      title="Values of your market feeds against resales"
      actions={
        <SelectField
          label="What is compared"
          isLabelHidden
          value={basis}
          onChange={(event) => change({ basis: event.target.value })}
        >
          {BASES.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </SelectField>
      }
    >
      <QueryView
        query={query}
        lines={5}
        isEmpty={({ sales }) => sales === 0}
        empty={
          <EmptyState title="No resale is known">
            Load the feeds of resales and automated values: npx reos market load resales.csv avm_values.csv
          </EmptyState>
        }
      >
        {({ overall, groups, ...answer }) => (
          <div className="stack">
            <Stats>
              <Stat label="Pairs" value={formatCount(overall.pairs)} note={`of ${formatCount(answer.sales)} resales`} />
              <Stat label="Median error" value={formatPercent(overall.median_absolute_percentage_error)} />
              <Stat
                label="Bias"
                value={overall.bias === null ? 'too few' : formatPercent(overall.bias.value)}
                note={
                  overall.bias === null
                    ? 'fewer than five pairs'
                    : `95% interval ${formatPercent(overall.bias.low)} to ${formatPercent(overall.bias.high)}`
                }
              />
              <Stat label="Within 10%" value={formatPercent(overall.within_10, 0)} />
              <Stat label="Within 20%" value={formatPercent(overall.within_20, 0)} />
              <Stat label="Dispersion (COD)" value={formatNumber(overall.cod)} note="IAAO: at most 15 for homes" />
            </Stats>
            <div className={styles.two}>
              <LineChart
                label="Median error by month"
                unit="%"
                height={200}
                fromZero
                series={[
                  {
                    name: 'Median error',
                    points: groups.map(({ group, median_absolute_percentage_error: error }) => ({
                      x: `${group}-01`,
                      y: error,
                    })),
                  },
                ]}
              />
              <LineChart
                label="Bias by month"
                unit="%"
                height={200}
                bandName="95% interval"
                series={[
                  {
                    name: 'Bias',
                    color: 3,
                    points: groups.map(({ group, bias }) => ({
                      x: `${group}-01`,
                      y: bias?.value ?? null,
                      low: bias?.low ?? null,
                      high: bias?.high ?? null,
                    })),
                  },
                ]}
              />
            </div>
            <AnswerNotes answer={answer} />
          </div>
        )}
      </QueryView>
    </Card>
  );
}
