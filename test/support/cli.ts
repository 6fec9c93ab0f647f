import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = resolve(import.meta.dirname, '../..');

/** A home of a test's own; what is slow to get (the Temporal server, the browser) comes from the user's usual cache. */
export async function makeHome(name = 'home'): Promise<{ path: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'reos cli '));
  await chmod(root, 0o755);
  const path = join(root, name);
  const cache = join(process.env.REOS_HOME ?? join(homedir(), '.reos'), 'cache');
  await mkdir(cache, { recursive: true });
  await mkdir(path);
  await symlink(cache, join(path, 'cache'));
  return { path, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

/** One run of the command line in a process of its own. */
export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A run that still goes on. */
export interface RunningCli {
  child: ChildProcess;
  stderr: () => string;
  done: Promise<CliRun>;
}

/** Starts `reos …` on a home. */
export function startCli(home: string, args: readonly string[], env: Record<string, string> = {}): RunningCli {
  const child = spawn(process.execPath, [join(ROOT, 'bin/reos.js'), ...args], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', REOS_HOME: home, REOS_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const done = new Promise<CliRun>((finish, fail) => {
    child.once('error', fail);
    child.once('close', (code) => finish({ code, stdout, stderr }));
  });
  return { child, stderr: () => stderr, done };
}

/** Runs `reos … --json` to its end and returns the object it prints; throws with its words when it fails. */
export async function reosJson<T = Record<string, unknown>>(
  home: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<T> {
  const { code, stdout, stderr } = await startCli(home, [...args, '--json'], env).done;
  if (code !== 0) throw new Error(`reos ${args.join(' ')} ended with ${code}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout) as T;
}

/** Waits until the condition holds. */
export async function until<T>(condition: () => T | Promise<T>, timeoutMs: number, what: string): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(100);
  }
}

/** Waits until the run has said it on stderr; fails at once when it ends before, and with its words when it never does. */
export async function untilWords(run: RunningCli, words: RegExp, timeoutMs: number): Promise<void> {
  let ended = false;
  void run.done.then(() => {
    ended = true;
  });
  try {
    await until(() => ended || words.test(run.stderr()), timeoutMs, String(words));
  } catch (error) {
    run.child.kill('SIGTERM');
    throw new Error(`${(error as Error).message}\n${run.stderr()}`);
  }
  if (!words.test(run.stderr())) throw new Error(`it ended before it said ${words}\n${run.stderr()}`);
}

/** The pid of a part or service of a home that runs, as the supervisor recorded it. */
export async function pidOf(home: string, part: string): Promise<number> {
  const { pid } = JSON.parse(await readFile(join(home, 'run', `${part}.json`), 'utf8')) as { pid: number };
  return pid;
}
