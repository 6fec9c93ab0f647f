/**
 * Runs a suite that disturbs the product on purpose: `npm run chaos -- SUITE [options]`. Ends with code 1 when anything
 * that must hold does not, and when a disturbance never happened.
 */
import { parseArgs } from 'node:util';
import { type OutreachChaosResult, runOutreachChaos } from './outreach.ts';
import { withDatabase } from './outreach-database.ts';

const HELP = `npm run chaos -- outreach [options]

  Sends through a faulty provider while sender processes are killed (SIGKILL) and stopped (SIGSTOP) at random moments,
  then compares every send with the provider's own ledger. Makes its own Postgres in a temporary folder.

  --sends N         planned sends (2000)
  --seed N          which faults and moments (1); the same seed gives the same ones
  --kills N         senders to kill (one per 20 sends)
  --senders N       sender processes at a time (3)
  --stops N         senders to stop (one per 500 sends)
  --stop-seconds R  how long, from-to, more often shortly (2-60)
  --limit N         seconds after which the run is given up as failed (1800)
  --json            one JSON object on standard output
`;

const tell = (words: string) => void process.stderr.write(`${words}\n`);

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sends: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      kills: { type: 'string' },
      senders: { type: 'string', default: '3' },
      stops: { type: 'string' },
      'stop-seconds': { type: 'string', default: '2-60' },
      limit: { type: 'string', default: '1800' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [suite, ...rest] = positionals;
  if (values.help || suite === undefined) return null;
  if (suite !== 'outreach' || rest.length > 0) {
    throw new RangeError(`There is no suite "${positionals.join(' ')}". There is: outreach.`);
  }
  const sends = whole('--sends', values.sends, 1);
  const [shortest, longest] = range('--stop-seconds', values['stop-seconds']);
  return {
    isJson: values.json,
    chaos: {
      sends,
      seed: whole('--seed', values.seed, 0),
      kills: whole('--kills', values.kills ?? String(Math.ceil(sends / 20)), 0),
      senders: whole('--senders', values.senders, 2),
      stops: whole('--stops', values.stops ?? String(Math.ceil(sends / 500)), 0),
      shortestMs: shortest * 1_000,
      longestMs: longest * 1_000,
      limitMs: whole('--limit', values.limit, 1) * 1_000,
    },
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} is "${text}"; a whole number from ${least} is expected.`);
  }
  return value;
}

function range(name: string, text: string): [number, number] {
  const [from, to] = text.split('-').map(Number);
  if (from === undefined || to === undefined || !(from > 0) || !(to >= from)) {
    throw new RangeError(`${name} is "${text}"; two numbers of seconds such as 2-60 are expected.`);
  }
  return [from, to];
}

/** Sends per second, to one digit, with the rest of the figures as they are reported. */
function report(result: OutreachChaosResult, seed: number) {
  const { sends, kills, faults, duplicates, lost, unknown, problems, ...rest } = result;
  const perSecond = Math.round((sends / result.seconds) * 10) / 10;
  return { sends, kills, faults, duplicates, lost, unknown, ...rest, sends_per_second: perSecond, seed, problems };
}

function inWords(figures: ReturnType<typeof report>): string {
  const { faults, problems, ...rest } = figures;
  const lines = [...Object.entries(rest), ...Object.entries(faults).map(([name, n]) => [`fault ${name}`, n] as const)];
  const table = lines.map(([name, value]) => `${name.replaceAll('_', ' ').padEnd(26)} ${value}`).join('\n');
  return `${table}\n${problems.length === 0 ? 'Everything held.' : problems.join('\n')}`;
}

try {
  const options = readOptions();
  if (options === null) process.stdout.write(HELP);
  else {
    const interruption = new AbortController();
    process.once('SIGINT', () => interruption.abort(new Error('Interrupted.')));
    const result = await withDatabase(tell, (database) =>
      runOutreachChaos(database, { ...options.chaos, onProgress: tell, signal: interruption.signal }),
    );
    const figures = report(result, options.chaos.seed);
    process.stdout.write(`${options.isJson ? JSON.stringify(figures) : inWords(figures)}\n`);
    if (options.isJson) for (const problem of result.problems) tell(problem);
    if (result.problems.length > 0) process.exitCode = 1;
  }
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
