import { join } from 'node:path';
import { computeScore } from '../../activities/score/score.ts';
import { loadScoringConfig } from '../../config/scoring.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { scoreHistory } from '../../db/queries/scores.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { usd } from '../../domain/scoring/feature.ts';
import { contextOf, type ScoreResult, scoreProperty } from '../../domain/scoring/score.ts';
import { editableInputs } from '../../domain/scoring/what-if/editable-inputs.ts';
import { withGivenChanges } from '../../domain/scoring/what-if/given-changes.ts';
import { type WhyNot, whyNot } from '../../domain/scoring/what-if/why-not.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { publicShape } from '../output.ts';
import { readOnlyValuer } from '../valuer.ts';
import { dealText } from './deal.ts';
import { checkId } from './lifecycle.ts';

/** `reos score ID`: the score as of now with all that explains it; writes nothing. */
export const score: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
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
  async run(context, [id], options) {
    const propertyId = checkId(id);
    const target = targetOf(options.whyNot);
    const weights = loadScoringConfig(join(context.settings.configDir, 'scoring.yaml'));
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const counties = await system.counties();
      const valueProperty = readOnlyValuer(context, counties);
      const deps = { clock: () => new Date(), counties, scoring: weights, valueProperty };
      const { input, history } = await withTenant(system.db, tenant.id, async (trx) => ({
        input: (await computeScore(deps, trx, await readProperty(trx, propertyId))).input,
        history: await scoreHistory(trx, propertyId),
      }));
      const asIs = { input, weights };
      const given = withGivenChanges(asIs, editableInputs(asIs), (options.with ?? []) as string[]);
      const result = scoreProperty(given.input, given.weights);
      const { deal } = contextOf(given.input, given.weights);
      const [stored] = history;
      const answer = target === null ? null : whyNot(given, target);
      const { birdDogScore, weightsVersion, modelVersion, ...rest } = publicScore(result);
      const object = {
        property_id: propertyId,
        bird_dog_score: birdDogScore,
        // As `--why-not` names it: the same number.
        score: birdDogScore,
        ...rest,
        weights_version: weightsVersion,
        model_version: modelVersion,
        deal: publicShape(deal),
        stored: stored === undefined ? null : publicShape(stored),
        ...(options.history === true ? { history: history.map((row) => publicShape(row)) } : {}),
        ...(answer === null ? {} : whyNotJson(answer)),
      };
      const text = [
        scoreText(result),
        dealText(result.referencePriceCents, result.estimatedValueCents, deal),
        ...(options.history === true ? ['History', ...history.map(historyLine)] : []),
        ...(answer === null ? [] : [whyNotText(answer)]),
      ];
      context.output.answer(object, text.join('\n'));
    });
  },
};

function targetOf(value: unknown): number | null {
  if (value === undefined) return null;
  const target = Number(value);
  if (String(value).trim() !== '' && target >= 0 && target <= 100) return target;
  throw new ReosError('validation', `--why-not: '${String(value)}' is not a score from 0 to 100.`);
}

function publicScore({ birdDogScore, weightsVersion, modelVersion, ...rest }: ScoreResult) {
  return { birdDogScore, weightsVersion, modelVersion, ...publicShape(rest) };
}

function whyNotJson({ target, reached, already, changes, highest, searched }: WhyNot) {
  return { target, reached, already, changes, highest, searched };
}

function scoreText(result: ScoreResult): string {
  const roi = result.roiEstimate === null ? 'not known' : `${(result.roiEstimate * 100).toFixed(1)}%`;
  return [
    `Score ${result.birdDogScore.toFixed(2)} (investment ${result.investmentScore}, risk ${result.riskScore}, return ${roi}), confidence ${result.confidence}`,
    `Value ${usd(result.estimatedValueCents)}, 80 of 100 between ${usd(result.valueLowCents)} and ${usd(result.valueHighCents)}, by ${result.modelVersion}; weights ${result.weightsVersion}, as of ${result.asOf}`,
    ...(result.reviewReason === null ? [] : [`Look at it: ${result.reviewReason}`]),
    ...result.reasons.map(
      ({ contribution, label }) => `  ${contribution >= 0 ? '+' : ''}${contribution.toFixed(2)}  ${label}`,
    ),
  ].join('\n');
}

function historyLine(row: {
  scoredAt: Date;
  birdDogScore: number;
  weightsVersion: string;
  modelVersion: string;
}): string {
  return `  ${row.scoredAt.toISOString()}  ${row.birdDogScore.toFixed(2)}  weights ${row.weightsVersion}, ${row.modelVersion}`;
}

function whyNotText({ target, already, reached, changes, highest }: WhyNot): string {
  if (already) return `It scores ${target} or more already.`;
  if (reached)
    return [`Any one of these would lift it to ${target}:`, ...changes.map((c) => `  ${c.sentence}`)].join('\n');
  return `No change of what can be changed lifts it to ${target}. The highest found: ${highest?.sentence ?? 'none'}`;
}
