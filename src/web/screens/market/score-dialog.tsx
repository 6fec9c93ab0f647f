import { formatNumber } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { BarChart } from '../../ui/charts/index.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { latestFacts } from './latest-facts.ts';
import { splitReason } from './market-words.ts';
import { AnswerNotes, Confidence } from './parts.tsx';
import type { RankedMarket } from './ranking-table.tsx';

interface Answer {
  by: 'risk' | 'opportunity';
  as_of: string;
  data_through: string | null;
  notes: string[];
  grain: 'week' | 'month' | 'quarter' | null;
  rules_version: string;
}

/** Why a market has its score: each part with its points and reason. */
export function ScoreDialog({
  market,
  answer,
  onClose,
  onOpen,
}: {
  market: RankedMarket;
  answer: Answer;
  onClose: () => void;
  onOpen: (market: string) => void;
}) {
  const known = market.components.filter(({ points }) => points !== null);
  const most = known.reduce((sum, one) => sum + one.most, 0);
  const points = known.reduce((sum, one) => sum + (one.points ?? 0), 0);
  return (
    <Dialog
      title={`${market.market}: ${answer.by} ${formatNumber(market.score)} of 100`}
      place="side"
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={() => onOpen(market.market)}>
          Open trends
        </Button>
      }
    >
      <p>
        {formatNumber(points)} of the {formatNumber(most)} points whose figures are known, as a share of 100.{' '}
        {answer.by === 'risk' ? 'Higher is riskier.' : 'Higher is better.'}
      </p>
      <Confidence confidence={market.confidence} isLong />
      <BarChart
        label={`Parts of the ${answer.by} score`}
        unit="points"
        max={Math.max(...market.components.map((one) => one.most))}
        bars={market.components.map((one) => ({
          name: splitReason(one.reason).name,
          value: one.points,
          note: `of ${one.most}`,
        }))}
      />
      <ul className="stack">
        {market.components.map(({ figure, reason }) => {
          const { name, why } = splitReason(reason);
          return (
            <li key={figure}>
              <b>{name}</b>
              <p className="muted">{why}</p>
            </li>
          );
        })}
      </ul>
      <Facts facts={latestFacts(market)} />
      <AnswerNotes answer={{ ...answer, data_through: market.data_through }}>rules {answer.rules_version}</AnswerNotes>
    </Dialog>
  );
}
