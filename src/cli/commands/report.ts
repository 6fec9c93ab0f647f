import { ReosError } from '../../domain/errors.ts';
import { type components, take } from '../../sdk/client.ts';
import type { Caller } from '../caller.ts';
import { collect } from '../listing.ts';
import type { ApiVerb } from '../main.ts';
import { table } from '../output.ts';
import { repeated } from '../search-options.ts';
import { oneOf } from './contact-context.ts';
import { wholeNumber } from './lifecycle.ts';
import { findSavedSearch, ownerOf } from './saved-search.ts';
import { findUser } from './user.ts';

type Report = components['schemas']['ScheduledReport'];
const KINDS = ['properties', 'pipeline', 'costs', 'campaigns'] as const;

/** `reos report list` */
export const reportList: ApiVerb = {
  describe: (command) =>
    command
      .description('List the reports that are mailed on a schedule')
      .addHelpText('after', '\nExample:\n  $ reos report list --json'),
  async ask({ api, output }) {
    const reports = await allReports(api);
    const columns = ['name', 'kind', 'frequency', 'status', 'next_run_at', 'last_error', 'id'];
    output.answer({ reports }, table(reports, columns));
  },
};

/** `reos report add NAME` */
export const reportAdd: ApiVerb = {
  describe: (command) =>
    command
      .description('Have a report mailed every day, week or month, its rows as a CSV file')
      .argument('<name>', 'its name')
      .requiredOption('--kind <kind>', KINDS.join(', '))
      .requiredOption('--to <user>', 'a user who gets it, by e-mail address or id; again for more', repeated)
      .option('--search <name>', 'the saved search of the kind properties, by name or id')
      .option('--user <user>', 'whose saved search it is, when it is not shared')
      .option('--every <period>', 'daily, weekly or monthly', 'daily')
      .option('--hour <hour>', '0 to 23', '7')
      .option('--weekday <day>', 'of a weekly one: 1 Monday to 7 Sunday', '1')
      .option('--month-day <day>', 'of a monthly one', '1')
      .option('--time-zone <zone>', 'such as America/Chicago (default: the tenant’s)')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos report add "Monday list" --kind properties --search bargains --every weekly --to ada@example.com',
      ),
  async ask({ api, output }, [name], options) {
    const recipients: string[] = [];
    for (const user of options.to as string[]) recipients.push((await findUser(api, user)).id);
    const owner = await ownerOf(api, options.user);
    const search = options.search === undefined ? undefined : await findSavedSearch(api, String(options.search), owner);
    const body = {
      name: String(name),
      kind: oneOf('--kind', options.kind, KINDS),
      ...(search === undefined ? {} : { search_id: search.id }),
      frequency: oneOf('--every', options.every, ['daily', 'weekly', 'monthly'] as const),
      hour: wholeNumber('--hour', options.hour),
      weekday: wholeNumber('--weekday', options.weekday),
      month_day: wholeNumber('--month-day', options.monthDay),
      ...(options.timeZone === undefined ? {} : { time_zone: String(options.timeZone) }),
      recipients,
    };
    const made = await take(api.POST('/api/v1/reports', { body }));
    output.answer({ ...made }, `${made.name}: ${made.id}, next at ${made.next_run_at}`);
  },
};

/** `reos report run NAME` */
export const reportRun: ApiVerb = {
  describe: (command) => named(command.description('Mail a report out of turn, within five minutes'), 'run'),
  async ask({ api, output }, [name]) {
    const { id } = await findReport(api, name);
    const run = await take(api.POST('/api/v1/reports/{id}/run', { params: { path: { id } } }));
    output.answer({ ...run }, `${run.status}. What became of it: reos report runs ${id}`);
  },
};

/** `reos report runs NAME` */
export const reportRuns: ApiVerb = {
  describe: (command) =>
    named(
      command.description('What became of a report’s runs, newest first').option('--limit <n>', 'rows', '20'),
      'runs',
    ),
  async ask({ api, output }, [name], options) {
    const path = { id: (await findReport(api, name)).id };
    const runs = await collect(wholeNumber('--limit', options.limit), (query) =>
      take(api.GET('/api/v1/reports/{id}/runs', { params: { path, query } })),
    );
    output.answer({ runs }, table(runs, ['created_at', 'period', 'status', 'rows', 'recipients', 'error']));
  },
};

/** `reos report pause NAME` */
export const reportPause: ApiVerb = {
  describe: (command) => named(command.description('Mail a report no more until it is resumed'), 'pause'),
  ask: (caller, [name]) => setStatus(caller, name, 'paused'),
};

/** `reos report resume NAME` */
export const reportResume: ApiVerb = {
  describe: (command) => named(command.description('Mail a paused report again'), 'resume'),
  ask: (caller, [name]) => setStatus(caller, name, 'active'),
};

/** `reos report rm NAME` */
export const reportRm: ApiVerb = {
  describe: (command) => named(command.description('Delete a report and the history of its runs'), 'rm'),
  async ask({ api, output }, [name]) {
    const { id } = await findReport(api, name);
    await take(api.DELETE('/api/v1/reports/{id}', { params: { path: { id } } }));
    output.answer({ id, removed: true }, `${id}: removed`);
  },
};

const named = (command: Parameters<ApiVerb['describe']>[0], verb: string) =>
  command.argument('<report>', 'name or id').addHelpText('after', `\nExample:\n  $ reos report ${verb} "Monday list"`);

async function setStatus({ api, output }: Caller, name: string | undefined, status: 'active' | 'paused') {
  const path = { id: (await findReport(api, name)).id };
  const changed = await take(api.PATCH('/api/v1/reports/{id}', { params: { path }, body: { status } }));
  output.answer({ ...changed }, `${changed.name}: ${changed.status}`);
}

/** @throws ReosError `not_found` */
async function findReport(api: Caller['api'], name: string | undefined): Promise<Report> {
  const found = (await allReports(api)).find((one) => one.id === name || one.name === name);
  if (found !== undefined) return found;
  throw new ReosError('not_found', `There is no report '${name}'. See: reos report list`);
}

function allReports(api: Caller['api']): Promise<Report[]> {
  return collect(100_000, (query) => take(api.GET('/api/v1/reports', { params: { query } })));
}
