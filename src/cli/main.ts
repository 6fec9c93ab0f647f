import { Command, CommanderError } from 'commander';
import { ReosError } from '../domain/errors.ts';
import type { Caller, Needs } from './caller.ts';
import { GROUPS } from './commands/groups.ts';
import { COMMANDS } from './commands/registry.ts';
import type { CommandContext, CommonOptions } from './context.ts';
import { createOutput, exitCodeOf, type Output, type Streams } from './output.ts';

interface Described {
  /** Adds its arguments, options, help and example to the command. */
  describe(command: Command): Command;
}

/** A verb that works through the API: on this machine, and with `--api` against a remote server, with the same answer. */
export interface ApiVerb extends Described {
  /** What must run when it works on this machine. */
  needs?: Needs;
  /** Whether, on this machine, it makes the tenant that it is told and that does not exist yet. */
  makesTenant?: boolean;
  /** The work that these options ask for without any API, such as on files alone; undefined: ask the API. */
  alone?(options: Record<string, unknown>): ((output: Output) => Promise<unknown>) | undefined;
  /** Does the work; `options` include the command's own. A number it returns is the exit code. */
  ask(caller: Caller, args: string[], options: Record<string, unknown>): Promise<unknown>;
}

/** A verb that works on this machine alone. */
export interface LocalVerb extends Described {
  run(context: CommandContext, args: string[], options: Record<string, unknown>): Promise<unknown>;
  /** Why it cannot work against a remote server, as a sentence for whoever tried. */
  localOnly: string;
}

/** A verb that does its work on this machine itself, and asks the API when it is told `--api`. */
export interface EitherVerb extends Described {
  run(context: CommandContext, args: string[], options: Record<string, unknown>): Promise<unknown>;
  /** The same work on a remote server, with the same answer. */
  askRemote(caller: Caller, args: string[], options: Record<string, unknown>): Promise<unknown>;
}

/** One verb: what it is called, and what it does when called. */
export type Verb = ApiVerb | LocalVerb | EitherVerb;

/**
 * Runs the command line. Answers go to stdout, everything else to stderr.
 * @returns the exit code
 */
export async function main(
  argv: readonly string[],
  streams: Streams = { stdout: process.stdout, stderr: process.stderr },
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const program = new Command('reos')
    .description(
      'Real Estate OS: from public records and listings to investor memos and outreach, on Temporal and Postgres.',
    )
    .exitOverride()
    .enablePositionalOptions()
    .configureOutput({ writeOut: (text) => streams.stdout.write(text), writeErr: (text) => streams.stderr.write(text) })
    .addHelpText(
      'after',
      '\nStart here:\n  $ reos demo          the whole pipeline on 300 parcels, on this machine\n  $ reos up            everything up, until Ctrl-C\n  $ reos doctor        what is here, what is missing, what to do',
    );
  let output: Output = createOutput(streams, argv.includes('--json'));
  let exitCode = 0;
  const asked = askedPaths(argv);
  for (const [path, { summary, load }] of Object.entries(COMMANDS)) {
    const command = commandAt(program, path);
    if (!asked.has(path)) {
      if (summary !== '') command.summary(summary);
      continue;
    }
    const verb = await load();
    verb
      .describe(command)
      .option('--json', 'one JSON object on stdout')
      .option('--tenant <slug>', 'the tenant (default: the only one, or the demo)')
      .option('--api <url>', 'work against the API there, with the key in REOS_API_KEY')
      .option('--api-key-file <file>', 'with --api: the file that holds the key')
      .action(async () => {
        const { createContext } = await import('./context.ts');
        const options = command.opts() as CommonOptions;
        output = createOutput(streams, options.json === true);
        const context = await createContext(output, options, env);
        const result = await runVerb(path, verb, context, command.args, { ...options });
        exitCode = typeof result === 'number' ? result : 0;
      });
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    output.problem(error);
    return exitCodeOf(error);
  }
}

async function runVerb(
  path: string,
  verb: Verb,
  context: CommandContext,
  args: string[],
  options: Record<string, unknown>,
): Promise<unknown> {
  const alone = 'ask' in verb ? verb.alone?.(options) : undefined;
  if (alone !== undefined) return alone(context.output);
  const { withCaller } = await import('./caller.ts');
  if ('ask' in verb) return withCaller(context, verb, (caller) => verb.ask(caller, args, options));
  if (context.api === undefined) return verb.run(context, args, options);
  if ('askRemote' in verb) return withCaller(context, {}, (caller) => verb.askRemote(caller, args, options));
  throw new ReosError('validation', `reos ${path} does not work with --api. ${verb.localOnly}`);
}

/**
 * The verbs that the words name: the one of the longest path that they begin with, else all of the group that they name.
 * None for help about everything: what is not asked for is not loaded.
 */
function askedPaths(argv: readonly string[]): ReadonlySet<string> {
  // `reos help GROUP VERB` is answered with the group's list.
  const words = argv[0] === 'help' ? argv.slice(1, 2) : argv;
  const begins = (path: string, other: readonly string[]) => path.split(' ').every((word, at) => word === other[at]);
  const named = Object.keys(COMMANDS).filter((path) => begins(path, words));
  const longest = named.sort((a, b) => b.length - a.length)[0];
  if (longest !== undefined) return new Set([longest]);
  return new Set(Object.keys(COMMANDS).filter((path) => path.split(' ')[0] === words[0]));
}

/** The command at a path such as `lifecycle list`, with its parents made on the way. */
function commandAt(program: Command, path: string): Command {
  return path.split(' ').reduce((parent, name) => {
    const known = parent.commands.find((command) => command.name() === name);
    if (known !== undefined) return known;
    const made = parent.command(name).exitOverride();
    return parent === program && GROUPS[name] !== undefined ? made.summary(GROUPS[name]) : made;
  }, program);
}
