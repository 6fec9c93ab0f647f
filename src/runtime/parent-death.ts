import { findOnPath, runCommand } from './run-command.ts';

/** A command line that ends with its parent. */
export type TiedCommand = { command: string; args: string[] };

/**
 * On Linux with util-linux's setpriv, makes the kernel send `signal` to the process when its parent dies, SIGKILL
 * included (prctl PR_SET_PDEATHSIG). Elsewhere the command is returned as it is: there the next start ends what
 * an earlier owner left running.
 */
export async function tieToParent(
  command: string,
  args: string[],
  options: { signal: NodeJS.Signals; env: NodeJS.ProcessEnv },
): Promise<TiedCommand> {
  if (process.platform !== 'linux') return { command, args };
  const setpriv = findOnPath(['setpriv'], { PATH: `${options.env['PATH'] ?? ''}:/usr/bin:/bin` });
  if (!setpriv) return { command, args };
  const tie = ['--pdeathsig', options.signal.replace(/^SIG/, '')];
  // Small systems bring a setpriv without this option.
  const trial = await runCommand(setpriv, [...tie, setpriv, '--version'], { timeoutMs: 5_000 });
  return trial.code === 0 ? { command: setpriv, args: [...tie, command, ...args] } : { command, args };
}
