import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a sender process is told at its start. */
export interface SenderPlan {
  databaseUrl: string;
  tenantId: string;
  providerUrl: string;
  /** How long the channel waits for an answer. */
  timeoutMs: number;
  /** How long an attempt may stay in `sending`. */
  sendingLimitMs: number;
  /** Sends at a time. */
  parallel: number;
}

/** What a sender process tells: that it works, that it stood still (with so many sends begun), or a fault. */
export type SenderNews = 'ready' | { sleptMs: number; inFlight: number } | { failed: string };

interface Sender {
  child: ChildProcess;
  isReady: boolean;
  isStopped: boolean;
}

/** The sender processes of a run. */
export interface Senders {
  /** What went on so far; `overslept` counts sends that were begun when their process was stopped past the limit. */
  readonly tally: { started: number; kills: number; stops: number; overslept: number; failures: string[] };
  /** Starts as many as are missing; those that are stopped do not count. */
  keep(count: number): void;
  /** Kills one that works, chosen by a number from 0 to 1. Returns false when none works. */
  kill(choice: number): boolean;
  /** Stops one that works for so long; the promise resolves when it goes on. Null when fewer than two work. */
  stop(choice: number, ms: number): Promise<void> | null;
  /** Lets each finish what it has begun; whoever takes longer than that is killed. */
  end(graceMs: number): Promise<void>;
  /** Kills all at once. */
  destroy(): void;
}

/** Opens the pool; nothing runs yet. */
export function openSenders(modulePath: string, plan: SenderPlan): Senders {
  const all = new Set<Sender>();
  const tally: Senders['tally'] = { started: 0, kills: 0, stops: 0, overslept: 0, failures: [] };
  let isEnding = false;

  function start(): void {
    const stdio: ('ignore' | 'pipe' | 'ipc')[] = ['ignore', 'ignore', 'pipe', 'ipc'];
    const child = fork(modulePath, [JSON.stringify(plan)], { execArgv: [], env: { TZ: 'UTC' }, stdio });
    const sender: Sender = { child, isReady: false, isStopped: false };
    all.add(sender);
    tally.started += 1;
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      words = `${words}${chunk}`.slice(-2_000);
    });
    child.on('message', (news: SenderNews) => {
      if (news === 'ready') sender.isReady = true;
      else if ('failed' in news) tally.failures.push(news.failed);
      else tally.overslept += news.inFlight;
    });
    child.on('exit', (code, signal) => {
      all.delete(sender);
      if (signal !== 'SIGKILL' && !(isEnding && code === 0))
        tally.failures.push(`A sender ended by itself (${signal ?? code}): ${words.trim()}`);
    });
  }

  const working = () => [...all].filter((sender) => sender.isReady && !sender.isStopped && sender.child.connected);
  const choose = (choice: number): Sender | undefined => {
    const found = working();
    return found[Math.floor(choice * found.length)];
  };

  return {
    tally,
    keep(count) {
      for (let n = [...all].filter((sender) => !sender.isStopped).length; n < count; n += 1) start();
    },
    kill(choice) {
      const sender = choose(choice);
      if (sender === undefined || !sender.child.kill('SIGKILL')) return false;
      sender.isReady = false;
      tally.kills += 1;
      return true;
    },
    stop(choice, ms) {
      const sender = choose(choice);
      if (sender === undefined || working().length < 2 || !sender.child.kill('SIGSTOP')) return null;
      sender.isStopped = true;
      tally.stops += 1;
      // A run that is given up does not wait for it.
      return sleep(ms, undefined, { ref: false }).then(() => {
        sender.child.kill('SIGCONT');
        sender.isStopped = false;
      });
    },
    async end(graceMs) {
      isEnding = true;
      const ended = Promise.all([...all].map(({ child }) => once(child, 'exit')));
      for (const { child } of all) if (child.connected) child.send('end');
      const timer = setTimeout(() => {
        tally.failures.push(`${all.size} sender(s) did not end within ${graceMs} ms.`);
        for (const { child } of all) child.kill('SIGKILL');
      }, graceMs);
      await ended;
      clearTimeout(timer);
    },
    destroy() {
      isEnding = true;
      for (const { child } of all) child.kill('SIGKILL');
    },
  };
}
