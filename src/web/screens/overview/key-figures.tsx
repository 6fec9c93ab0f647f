import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatNumber } from '../../lib/format.ts';
import { Meter } from '../../ui/meter.tsx';
import { formatCost, mainBudget } from '../operations/costs.ts';
import styles from './overview.module.css';

/** The figures of `/api/v1/analytics/dashboard` that stand on top. */
export interface DashboardFigures {
  properties: { total: number; new_24h: number; new_7d: number; scored: number; average_score: number | null };
  memos: number;
  cost_month_to_date: number;
}

/** Figures side by side, each a link to what it counts. */
export function KeyFigures({ figures }: { figures: DashboardFigures }) {
  const { properties, memos, cost_month_to_date: cost } = figures;
  const mayOutreach = useMay()('outreach:read');
  const pipeline = api.useQuery('get', '/api/v1/analytics/pipeline', {});
  const costs = api.useQuery('get', '/api/v1/analytics/costs', { params: { query: { months: 1 } } });
  const reached = (stage: string) => pipeline.data?.funnel.find((one) => one.stage === stage)?.reached;
  const contacted = reached('contacted');
  const engaged = reached('engaged');
  const budget = costs.data === undefined ? undefined : mainBudget(costs.data.budgets);
  return (
    <ul className={styles.figures} aria-label="Key figures">
      <Figure
        to="/properties"
        label="Properties"
        value={formatCount(properties.total)}
        note={`${formatCount(properties.new_24h)} new in 24 hours, ${formatCount(properties.new_7d)} in 7 days`}
      />
      <Figure
        to="/properties"
        label="Scored"
        value={formatCount(properties.scored)}
        note={
          properties.average_score === null
            ? 'No score yet'
            : `Average score ${formatNumber(properties.average_score)} of 100`
        }
      />
      <Figure
        to="/properties"
        search={{ min_score: 50 }}
        label="Memos"
        value={formatCount(memos)}
        note={
          properties.scored === 0 ? 'Written from a score of 50 on' : `${shareOf(memos, properties.scored)} of scored`
        }
      />
      <Figure
        {...(mayOutreach ? { to: '/campaigns' } : { to: '/properties', search: { status: 'contacted' } })}
        label="Contacted"
        value={formatCount(contacted)}
        note={contacted === undefined ? 'Counting' : 'properties that a message was sent about'}
      />
      <Figure
        to="/properties"
        search={{ status: 'engaged' }}
        label="Engaged"
        value={formatCount(engaged)}
        note={
          contacted === undefined || engaged === undefined
            ? 'Counting'
            : contacted === 0
              ? 'Nobody was contacted yet'
              : `${shareOf(engaged, contacted)} of contacted clicked or replied`
        }
      />
      <Figure
        to="/operations/costs"
        label="Spent this month"
        value={formatCost(cost)}
        note={
          budget === undefined
            ? 'Counting'
            : budget === null
              ? 'No budget: nothing paid is bought'
              : `of ${formatCost(budget.limit)} a ${budget.period} (${budget.name})`
        }
        share={budget && budget.limit > 0 ? budget.spent / budget.limit : undefined}
      />
    </ul>
  );
}

function shareOf(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${Math.round((part / whole) * 100)}%`;
}

interface FigureProps {
  to: string;
  search?: Record<string, string | number>;
  label: string;
  value: string;
  note: ReactNode;
  /** Used share of a limit, 0 to 1 or more. */
  share?: number | undefined;
}

function Figure({ to, search, label, value, note, share }: FigureProps) {
  return (
    <li>
      <Link to={to} search={(search ?? {}) as never} className={styles.figure}>
        <span className={styles.figureLabel}>{label}</span>
        <span className={styles.figureValue}>{value}</span>
        <span className={styles.figureNote}>{note}</span>
        {share !== undefined && <Meter share={share} />}
      </Link>
    </li>
  );
}
