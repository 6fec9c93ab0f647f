import { ReosError } from '../../domain/errors.ts';
import { take } from '../../sdk/client.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';

const MOST_ENTRIES = 1000;

/** `reos audit verify`: whether nothing was changed in the audit log; exit code 1 when something was. */
export const auditVerify: ApiVerb = {
  describe: (command) =>
    command
      .description('Check the chain of the audit log: whether an entry was changed, put in or taken out')
      .addHelpText('after', '\nExample:\n  $ reos audit verify --json'),
  async ask({ api, output }) {
    const verdict = await take(api.GET('/api/v1/audit/verify'));
    const { ok, entries, first_broken: firstBroken, reason } = verdict;
    output.answer(
      verdict,
      ok
        ? `The audit log is whole: ${entries} entries.`
        : `The audit log was tampered with at entry ${firstBroken}. ${reason} The ${entries} entries before it are good.`,
    );
    return ok ? 0 : 1;
  },
};

/** `reos audit list`: the newest entries. */
export const auditList: ApiVerb = {
  describe: (command) =>
    command
      .description('Who did what, newest first')
      .option('--limit <n>', `how many, at most ${MOST_ENTRIES}`, '50')
      .option('--actor <id>', 'what this user or key did')
      .option('--action <action>', 'such as users:update, or session:* for every way in and out')
      .option('--from <time>', 'from this moment on, such as 2026-03-01T00:00:00Z')
      .option('--to <time>', 'before this moment')
      .addHelpText('after', "\nExample:\n  $ reos audit list --action 'session:*' --from 2026-03-01T00:00:00Z"),
  async ask({ api, output }, _args, options) {
    const limit = Number(options.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ENTRIES) {
      throw new ReosError('validation', `--limit is a whole number from 1 to ${MOST_ENTRIES}.`);
    }
    const given = Object.entries(options).filter(([name]) => ['actor', 'action', 'from', 'to'].includes(name));
    const wanted = Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
    const entries = await collect(limit, (query) =>
      take(api.GET('/api/v1/audit', { params: { query: { ...query, ...wanted } } })),
    );
    const lines = entries.map((entry) => ({ ...entry, actor: `${entry.actor_kind}:${entry.actor_id}` }));
    output.answer({ entries }, table(lines, ['seq', 'at', 'actor', 'action', 'resource', 'outcome']));
  },
};
