import { formatCount, formatDollars, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { BarChart } from '../../ui/charts/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { DealProperty } from './deal-property.tsx';
import { RISKS } from './deal-table.tsx';
import { Confidence } from './parts.tsx';
import type { Deal } from './tool-answers.ts';

/** A deal: where the worth of the home goes, what could go wrong, and why it is where it is. */
export function DealDialog({ deal, onClose }: { deal: Deal; onClose: () => void }) {
  const costs = [
    ['Purchase', deal.acquisition_price],
    ['Renovation', deal.reno_cost],
    ['Holding', deal.hold_cost],
    ['Sale (7% of the worth)', deal.arv === null ? null : deal.arv * 0.07],
    ['Net margin', deal.net_margin],
  ] as const;
  return (
    <Dialog title={`${deal.home_ref}, ${deal.market}`} place="side" onClose={onClose}>
      <p className="row">
        <Badge tone={deal.status === 'held' ? 'info' : 'neutral'}>{deal.status}</Badge>
        <Badge tone={RISKS[deal.risk]}>{deal.risk} risk</Badge>
      </p>
      <DealProperty deal={deal} />
      <BarChart
        label="Where the worth goes"
        unit="$"
        {...(deal.arv === null ? {} : { max: deal.arv })}
        bars={costs.map(([name, value]) => ({
          name,
          value: value === null ? null : Math.max(0, value),
          tone: name === 'Net margin' ? ('good' as const) : ('normal' as const),
        }))}
        note={`Worth after repair ${formatDollars(deal.arv)}. What no feed has told counts as no cost.`}
      />
      <Facts
        facts={[
          ['Risk-adjusted margin', formatDollars(deal.risk_adjusted_margin)],
          ['Deviation of the margin', formatDollars(deal.margin_sigma)],
          ['Chance of a loss', formatPercent(deal.loss_probability)],
          ['Margin on cost', formatPercent(deal.margin_ratio)],
          [
            'Valuation',
            deal.valuation_confidence === null ? (
              'No confidence stated'
            ) : (
              <Confidence key="valuation" confidence={{ value: deal.valuation_confidence }} />
            ),
          ],
          ['Renovation', deal.reno_condition ?? 'Condition not known'],
          ['Days held', deal.days_held === null ? 'Not held yet' : formatCount(deal.days_held)],
          ['Segment', deal.segment === 'all' ? 'The whole market' : deal.segment],
        ]}
      />
      {deal.reasons.length > 0 && (
        <section className="stack" aria-label="Reasons">
          <h3>Why it is here</h3>
          <ul>
            {deal.reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}
