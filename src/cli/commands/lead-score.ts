import { readLead, readLeadOutcomes } from '../../db/queries/lead-outcomes.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { learnLeads, scoreLead } from '../../domain/valuation/lead-score.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { checkId } from './lifecycle.ts';
import { onRegistry } from './models.ts';

/** `reos lead-score ID`: how likely the lead answers, learned from those whose end is known. */
export const leadScore: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('How likely a lead answers, learned from recorded outcomes once there are enough')
      .argument('<property>', 'property id')
      .addHelpText('after', '\nExample:\n  $ reos lead-score 4f7c…'),
  run: (context, [id]) =>
    onRegistry(context, async (system, tenantId) => {
      const propertyId = checkId(id);
      const { lead, outcomes } = await withTenant(system.db, tenantId, async (trx) => {
        await readProperty(trx, propertyId);
        return { lead: await readLead(trx, propertyId), outcomes: await readLeadOutcomes(trx) };
      });
      const learned = learnLeads(outcomes);
      if (learned.ready && lead === undefined) {
        throw new ReosError(
          'validation',
          `Property ${propertyId} has no score yet. Run: reos lifecycle rescore ${propertyId}`,
        );
      }
      const score = learned.ready && lead !== undefined ? scoreLead(learned, lead) : refusalOf(learned);
      const reasons = score.available
        ? score.reasons.map(({ feature, value, contribution }) => ({
            feature,
            value: value?.toFixed(2) ?? 'unknown',
            'log-odds': `${contribution >= 0 ? '+' : ''}${contribution.toFixed(2)}`,
          }))
        : [];
      const text = [
        score.statement,
        ...(reasons.length > 0 ? ['', table(reasons, ['feature', 'value', 'log-odds'])] : []),
      ];
      context.output.answer({ property_id: propertyId, ...score }, text.join('\n'));
    }),
};

function refusalOf(learned: ReturnType<typeof learnLeads>) {
  if (!learned.ready) return learned.refusal;
  throw new ReosError('validation', 'The lead has no score yet.');
}
