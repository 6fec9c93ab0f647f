import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, ReosError } from '../domain/errors.ts';
import { ensureFolder, type ReosHome } from './home.ts';
import { tieToParent } from './parent-death.ts';
import { endProcess, processStartToken, sendSignal } from './process-identity.ts';
import { lastLogLines, logPath, openLog } from './process-log.ts';
import type { ProcessRecord, ProcessSpec } from './process-spec.ts';
import { readRecord, writeRecord } from './run-record.ts';

/** What the supervisor tells its owner. */
export type SupervisorEvents = {
  onReady?: (name: string, pid: number) => void;
  /** An unexpected end; the process starts again after `delayMs`. */
  onRestart?: (name: string, reason: string, delayMs: number) => void;
  /** It kept failing and is not started again. */
  onGaveUp?: (name: string, error: ReosError) => void;
};

/** A process under supervision. */
export type SupervisedProcess = {
  name: string;
  /** Null between an end and the next start. */
  pid: () => number | null;
  restarts: () => number;
  /** Ends it in good order. Harmless when called twice. */
  stop: () => Promise<void>;
};

/** When the supervisor gives up and how long it waits between starts. */
export type RestartPolicy = { maxQuickFailures: number; quickMs: number; firstDelayMs: number; maxDelayMs: number };

const defaultPolicy: RestartPolicy = { maxQuickFailures: 10, quickMs: 10_000, firstDelayMs: 100, maxDelayMs: 3_000 };

/** The last run record of a process in this home; null when it never ran here. */
export function readProcessRecord(home: ReosHome, name: string): ProcessRecord | null {
  return readRecord<ProcessRecord>(join(home.run, `${name}.json`));
}

/** Ends the process that an earlier owner of this home left running, if it still is the same process. */
export async function endLeftover(home: ReosHome, spec: Pick<ProcessSpec, 'name' | 'stopSignal' | 'graceMs'>) {
  const record = readProcessRecord(home, spec.name);
  if (!record?.pid || !record.startToken) return;
  await endProcess({ pid: record.pid, startToken: record.startToken }, spec.stopSignal, spec.graceMs);
}

/**
 * Starts a process, waits until it is ready, and starts it again (exponential back-off with jitter) whenever it ends
 * by itself. Its output goes to logs/<name>.log.
 * @throws ReosError 'missing_part' with the log's last lines when it never becomes ready
 */
export async function superviseProcess(
  home: ReosHome,
  spec: ProcessSpec,
  events: SupervisorEvents = {},
  policy: RestartPolicy = defaultPolicy,
): Promise<SupervisedProcess> {
  ensureFolder(home, home.run);
  await endLeftover(home, spec);
  const tied = await tieToParent(spec.command, spec.args, { signal: spec.stopSignal, env: spec.env });
  const stopping = new AbortController();
  let child: ChildProcess | null = null;
  let restarts = 0;

  const record = (pid: number | null) => {
    const { name, port, source, version } = spec;
    const startToken = pid === null ? null : processStartToken(pid);
    const value: ProcessRecord = { name, pid, startToken, startedAt: new Date().toISOString(), port, source, version };
    writeRecord(join(home.run, `${name}.json`), value);
  };

  /** One life of the process. Resolves with the reason of its end; `onReady` is called in between. */
  const liveOnce = async (onReady: () => void): Promise<string> => {
    await spec.beforeStart?.();
    if (stopping.signal.aborted) return 'it was stopped';
    const log = openLog(home, spec.name);
    // Detached: Ctrl-C in a terminal goes to the owner alone, which then stops its parts in order.
    const { env, cwd, uid, gid } = spec;
    const life = spawn(tied.command, tied.args, { env, cwd, uid, gid, stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    child = life;
    const ended = new Promise<string>((done) => {
      life.once('error', (error) => done(`it could not start: ${error.message}`));
      life.once('exit', (code, signal) => done(signal ? `it was ended by ${signal}` : `it ended with code ${code}`));
    });
    if (life.pid) record(life.pid);
    const ends = { yet: false };
    const end = ended.finally(() => {
      ends.yet = true;
    });
    const refusal = await waitUntilReady(spec, () => ends.yet || stopping.signal.aborted);
    if (refusal === null && !ends.yet && life.pid) {
      events.onReady?.(spec.name, life.pid);
      onReady();
    } else if (refusal !== null && !ends.yet) {
      life.kill('SIGKILL');
      return end.then(() => refusal);
    }
    return end.finally(() => {
      child = null;
    });
  };

  const run = async (onReady: () => void): Promise<void> => {
    let quickFailures = 0;
    while (!stopping.signal.aborted) {
      const startedAtMs = Date.now();
      const reason = await liveOnce(onReady).catch((error) => messageOf(error));
      child = null;
      if (stopping.signal.aborted) return;
      quickFailures = Date.now() - startedAtMs < policy.quickMs + spec.readyTimeoutMs ? quickFailures + 1 : 1;
      if (quickFailures >= policy.maxQuickFailures) throw gaveUp(home, spec, quickFailures, reason);
      const backoffMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (quickFailures - 1));
      const delayMs = Math.round(backoffMs * (0.75 + Math.random() / 2));
      events.onRestart?.(spec.name, reason, delayMs);
      restarts += 1;
      await sleep(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  const endWithOwner = () => {
    if (child?.pid) sendSignal(child.pid, spec.stopSignal);
  };
  process.once('exit', endWithOwner);

  let whenReady: () => void = () => undefined;
  const firstReady = new Promise<void>((done) => {
    whenReady = done;
  });
  const running = run(whenReady);
  const settled = running.catch((error: ReosError) => {
    record(null);
    events.onGaveUp?.(spec.name, error);
  });
  await Promise.race([firstReady, running]);

  return {
    name: spec.name,
    pid: () => child?.pid ?? null,
    restarts: () => restarts,
    stop: async () => {
      if (stopping.signal.aborted) return void (await settled);
      stopping.abort();
      process.removeListener('exit', endWithOwner);
      const pid = child?.pid;
      const startToken = pid ? processStartToken(pid) : null;
      if (pid && startToken) await endProcess({ pid, startToken }, spec.stopSignal, spec.graceMs);
      await settled;
      record(null);
    },
  };
}

/** Null when ready (or no longer worth asking), else why it is not. */
async function waitUntilReady(spec: ProcessSpec, over: () => boolean): Promise<string | null> {
  const deadline = Date.now() + spec.readyTimeoutMs;
  while (!over()) {
    try {
      if (await spec.ready()) return null;
    } catch (error) {
      return messageOf(error);
    }
    if (Date.now() > deadline) return `it did not answer within ${Math.round(spec.readyTimeoutMs / 1000)} s`;
    await sleep(60);
  }
  return null;
}

function gaveUp(home: ReosHome, spec: ProcessSpec, failures: number, reason: string): ReosError {
  const log = logPath(home, spec.name);
  const lines = lastLogLines(log, 8).map((line) => `  ${line}`);
  return new ReosError(
    'missing_part',
    `${spec.name} failed ${failures} times in a row; the last time ${reason}. Its log is ${log} and ends:\n${lines.join('\n')}`,
    { details: { part: spec.name, log, failures } },
  );
}
