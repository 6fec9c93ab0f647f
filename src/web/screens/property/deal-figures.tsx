import { formatDollars, formatNumber, formatPercent, humanise } from '../../lib/format.ts';
import styles from './deal.module.css';
import type { Deal } from './deal-answer.ts';
import { Heading } from './section.tsx';

type Line = readonly [name: string, value: string, note?: string | undefined, tone?: 'good' | 'bad'];

/** ARV and the highest offer first, then flip, rental and BRRRR, each with how it is reckoned. */
export function DealFigures({ deal, price }: { deal: Deal; price: number }) {
  const { flip, rental, brrrr } = deal;
  const room = deal.max_offer === null ? null : deal.max_offer - price;
  return (
    <div className={styles.figures}>
      <Group
        title="Offer"
        lines={[
          ['After-repair value', formatDollars(deal.arv), 'worth once renovated'],
          ['Renovation', formatDollars(deal.renovation), `${humanise(deal.tier).toLowerCase()}: ${deal.tier_basis}`],
          [
            'Highest offer (MAO)',
            formatDollars(deal.max_offer),
            room === null
              ? undefined
              : `${formatDollars(Math.abs(room))} ${room >= 0 ? 'above' : 'below'} the price: ${room >= 0 ? 'it fits' : 'too dear'}`,
            room === null ? undefined : room >= 0 ? 'good' : 'bad',
          ] as Line,
        ]}
      />
      {flip && (
        <Group
          title="Flip"
          lines={[
            ['Profit', formatDollars(flip.profit), 'after all costs', flip.profit >= 0 ? 'good' : 'bad'],
            ['Return', formatPercent(flip.roi), `on ${formatDollars(flip.invested)} put in`],
            ['Return a year', formatPercent(flip.annualized_roi, 0)],
            [
              'Costs',
              formatDollars(flip.buying_cost + flip.holding_cost + flip.selling_cost),
              `buying ${formatDollars(flip.buying_cost)}, holding ${formatDollars(flip.holding_cost)}, selling ${formatDollars(flip.selling_cost)}`,
            ],
          ]}
        />
      )}
      {rental && (
        <Group
          title="Rental"
          lines={[
            ['Rent a month', formatDollars(deal.rent_monthly), deal.rent_basis ?? undefined],
            [
              'Cash flow a year',
              formatDollars(rental.cash_flow_annual),
              `after a loan of ${formatDollars(rental.loan)}`,
              rental.cash_flow_annual >= 0 ? 'good' : 'bad',
            ],
            ['Cap rate', formatPercent(rental.cap_rate), 'income before the loan, of the price'],
            ['Cash on cash', formatPercent(rental.cash_on_cash), `on ${formatDollars(rental.cash_in)} put in`],
            ['Debt service coverage', formatNumber(rental.debt_service_coverage, 2), '1.25 and more is usual'],
          ]}
        />
      )}
      {brrrr && (
        <Group
          title="Renovate, rent, refinance"
          lines={[
            [
              'Left in the deal',
              formatDollars(brrrr.cash_left_in),
              brrrr.cash_left_in < 0
                ? 'more comes out than went in'
                : `after refinancing ${formatDollars(brrrr.refinance_loan)}`,
            ],
            [
              'Cash flow a year',
              formatDollars(brrrr.cash_flow_annual),
              brrrr.cash_flow_annual < 0 ? 'the rent does not carry the new loan' : undefined,
              brrrr.cash_flow_annual >= 0 ? 'good' : 'bad',
            ],
            [
              'Cash on cash',
              brrrr.is_infinite
                ? 'Without end'
                : brrrr.cash_on_cash === null
                  ? 'None'
                  : formatPercent(brrrr.cash_on_cash),
              brrrr.is_infinite ? 'no cash is left in' : undefined,
            ],
          ]}
        />
      )}
    </div>
  );
}

function Group({ title, lines }: { title: string; lines: readonly Line[] }) {
  return (
    <div className={styles.group}>
      <Heading depth={2}>{title}</Heading>
      <dl>
        {lines.map(([name, value, note, tone]) => (
          <div key={name} className={styles.line}>
            <dt>{name}</dt>
            <dd className="figures" data-tone={tone}>
              {value}
            </dd>
            {note && <dd className={styles.note}>{note}</dd>}
          </div>
        ))}
      </dl>
    </div>
  );
}
