import { listAudit } from '../../db/queries/audit.ts';
import { verifyAudit } from '../../db/queries/audit-verify.ts';
import { withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import { chooseTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';

const MOST_ENTRIES = 1000;

/** `reos audit verify`: whether nothing was changed in the audit log; exit code 1 when something was. */
export const auditVerify: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Check the chain of the audit log: whether an entry was changed, put in or taken out')
      .addHelpText('after', '\nExample:\n  $ reos audit verify --json'),
  run: (context) =>
    useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const { ok, entries, firstBroken, reason } = await withTenant(system.db, tenant.id, verifyAudit);
      context.output.answer(
        { ok, entries, first_broken: firstBroken, reason },
        ok
          ? `The audit log of ${tenant.slug} is whole: ${entries} entries.`
          : `The audit log of ${tenant.slug} was tampered with at entry ${firstBroken}. ${reason} The ${entries} entries before it are good.`,
      );
      return ok ? 0 : 1;
    }),
};

/** `reos audit list`: the newest entries. */
export const auditList: Verb = {
  localOnly: 'It is not offered over HTTP yet: run it where the installation is.',
  describe: (command) =>
    command
      .description('Who did what, newest first')
      .option('--limit <n>', `how many, at most ${MOST_ENTRIES}`, '50')
      .addHelpText('after', '\nExample:\n  $ reos audit list --limit 20'),
  async run(context, _args, options) {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ENTRIES) {
      throw new ReosError('validation', `--limit is a whole number from 1 to ${MOST_ENTRIES}.`);
    }
    await useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseTenant(context, system.db);
      const rows = await withTenant(system.db, tenant.id, (trx) => listAudit(trx, { limit, beforeSeq: undefined }));
      const entries = rows.map((row) => ({
        seq: row.seq,
        at: row.at.toISOString(),
        actor: `${row.actorKind}:${row.actorId}`,
        action: row.action,
        resource: row.resource,
        outcome: row.outcome,
        request_id: row.requestId,
        detail: row.detail,
        hash: row.hash,
      }));
      context.output.answer({ entries }, table(entries, ['seq', 'at', 'actor', 'action', 'resource', 'outcome']));
    });
  },
};
