import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { usd } from '../money.ts';
import { type Deal, dealText } from './deal.ts';
import { checkId } from './lifecycle.ts';

/** What the text needs of the score as of now. */
interface ScoreNow {
  property_id: string;
  bird_dog_score: number;
  investment_score: number;
  risk_score: number;
  roi_estimate: number | null;
  confidence: number;
  estimated_value: number | null;
  value_low: number | null;
  value_high: number | null;
  reference_price: number | null;
  model_version: string;
  weights_version: string;
  as_of: string;
  review_reason: string | null;
  reasons: ReadonlyArray<{ contribution: number; label: string }>;
  deal: Deal;
}

/** A stored score, as the text needs it. */
interface StoredScore {
  scored_at: string;
  bird_dog_score: number;
  weights_version: string;
  model_version: string;
}

/** `reos score ID`: the score as of now with all that explains it; writes nothing. */
export const score: ApiVerb = {
  describe: (command) =>
    command
      .description('Show the score of a property, why it is what it is, and what would lift it')
      .argument('<property>', 'property id')
      .option('--history', 'every score it had, newest first')
      .option('--why-not <score>', 'the smallest changes that would lift the score there')
      .option('--with <input=value...>', 'score it with these changes; may be given again')
      .addHelpText(
        'after',
        '\nExamples:\n  $ reos score 4f7c… --why-not 80\n  $ reos score 4f7c… --with list_price=312400',
      ),
  async ask({ api, output }, [text], options) {
    const path = { id: checkId(text) };
    const target = targetOf(options.whyNot);
    const changes = (options.with ?? []) as string[];
    const query = changes.length === 0 ? {} : { with: changes.join(',') };
    const current = await take(api.GET('/api/v1/properties/{id}/score/current', { params: { path, query } }));
    const now = current as unknown as ScoreNow;
    const { items } = await take(api.GET('/api/v1/properties/{id}/score/history', { params: { path } }));
    const history = items as unknown as StoredScore[];
    const answer =
      target === null
        ? null
        : await take(
            api.GET('/api/v1/properties/{id}/score/why-not', { params: { path, query: { ...query, target } } }),
          );
    const object = {
      ...now,
      // As `--why-not` names it: the same number.
      score: now.bird_dog_score,
      stored: history[0] ?? null,
      ...(options.history === true ? { history } : {}),
      ...answer,
    };
    const lines = [
      scoreText(now),
      dealText(now.reference_price, now.estimated_value, now.deal),
      ...(options.history === true ? ['History', ...history.map(historyLine)] : []),
      ...(answer === null ? [] : [whyNotText(answer)]),
    ];
    output.answer(object, lines.join('\n'));
  },
};

function targetOf(value: unknown): number | null {
  if (value === undefined) return null;
  const target = Number(value);
  if (String(value).trim() !== '' && target >= 0 && target <= 100) return target;
  throw new ReosError('validation', `--why-not: '${String(value)}' is not a score from 0 to 100.`);
}

function scoreText(result: ScoreNow): string {
  const roi = result.roi_estimate === null ? 'not known' : `${(result.roi_estimate * 100).toFixed(1)}%`;
  const money = (dollars: number | null) => usd(dollars, 'not known');
  return [
    `Score ${result.bird_dog_score.toFixed(2)} (investment ${result.investment_score}, risk ${result.risk_score}, return ${roi}), confidence ${result.confidence}`,
    `Value ${money(result.estimated_value)}, 80 of 100 between ${money(result.value_low)} and ${money(result.value_high)}, by ${result.model_version}; weights ${result.weights_version}, as of ${result.as_of}`,
    ...(result.review_reason === null ? [] : [`Look at it: ${result.review_reason}`]),
    ...result.reasons.map(
      ({ contribution, label }) => `  ${contribution >= 0 ? '+' : ''}${contribution.toFixed(2)}  ${label}`,
    ),
  ].join('\n');
}

function historyLine(row: StoredScore): string {
  return `  ${row.scored_at}  ${row.bird_dog_score.toFixed(2)}  weights ${row.weights_version}, ${row.model_version}`;
}

interface WhyNotAnswer {
  target: number;
  already: boolean;
  reached: boolean;
  changes: ReadonlyArray<{ sentence: string }>;
  highest: { sentence: string } | null;
}

function whyNotText({ target, already, reached, changes, highest }: WhyNotAnswer): string {
  if (already) return `It scores ${target} or more already.`;
  if (reached)
    return [`Any one of these would lift it to ${target}:`, ...changes.map((c) => `  ${c.sentence}`)].join('\n');
  return `No change of what can be changed lifts it to ${target}. The highest found: ${highest?.sentence ?? 'none'}`;
}
