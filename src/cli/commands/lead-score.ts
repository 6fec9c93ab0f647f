import { take } from '../../sdk/client.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { checkId } from './lifecycle.ts';

interface Reason {
  feature: string;
  value: number | null;
  contribution: number;
}

/** `reos lead-score ID`: how likely the lead answers, learned from those whose end is known. */
export const leadScore: ApiVerb = {
  describe: (command) =>
    command
      .description('How likely a lead answers, learned from recorded outcomes once there are enough')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lead-score 4f7c…'),
  async ask({ api, output }, [text]) {
    const params = { path: { id: checkId(text) } };
    const score = await take(api.GET('/api/v1/properties/{id}/lead-score', { params }));
    const rows = ((score['reasons'] ?? []) as Reason[]).map(({ feature, value, contribution }) => ({
      feature,
      value: value?.toFixed(2) ?? 'unknown',
      'log-odds': `${contribution >= 0 ? '+' : ''}${contribution.toFixed(2)}`,
    }));
    const lines = [score.statement, ...(rows.length > 0 ? ['', table(rows, ['feature', 'value', 'log-odds'])] : [])];
    output.answer(score, lines.join('\n'));
  },
};
