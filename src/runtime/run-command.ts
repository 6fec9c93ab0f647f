import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** How a short-lived command ended. `code` is null when it could not start, timed out or died of a signal. */
export type CommandResult = { code: number | null; stdout: string; stderr: string; timedOut: boolean };

/** Options of runCommand. `uid` and `gid` need root. */
export type CommandOptions = {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  timeoutMs: number;
  onLine?: (line: string) => void;
};

const keptCharacters = 64_000;

/** Runs a command to its end and never throws: the caller judges the result. Keeps the last 64,000 characters. */
export function runCommand(command: string, args: string[], options: CommandOptions): Promise<CommandResult> {
  const { timeoutMs, onLine, ...spawnOptions } = options;
  return new Promise((done) => {
    const result: CommandResult = { code: null, stdout: '', stderr: '', timedOut: false };
    const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const timer = setTimeout(() => {
      result.timedOut = true;
      result.stderr += `no end after ${Math.round(timeoutMs / 1000)} s`;
      child.kill('SIGKILL');
    }, timeoutMs);
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (chunk: string) => {
        result[stream] = (result[stream] + chunk).slice(-keptCharacters);
        for (const line of chunk.split('\n')) if (line.trim()) onLine?.(line.trim());
      });
    }
    child.once('error', (error) => {
      clearTimeout(timer);
      done({ ...result, stderr: `${result.stderr}${error.message}` });
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      done({ ...result, code: result.timedOut ? null : code });
    });
  });
}

/** The last lines of what a command said, stderr first, in one line fit for an error message. */
export function lastWords(result: Pick<CommandResult, 'stdout' | 'stderr'>, lines = 3): string {
  const text = result.stderr.trim() || result.stdout.trim() || 'it said nothing';
  return text.split('\n').slice(-lines).join(' | ').slice(-600);
}

/** Full path of the first executable called one of `names` on the PATH of `env`, or null. */
export function findOnPath(names: string[], env: NodeJS.ProcessEnv): string | null {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(Boolean)) {
    for (const name of names) {
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (isExecutable(path)) return path;
      }
    }
  }
  return null;
}

/** True for a regular file that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
