/**
 * Proves that a send is sent once: sender processes work through planned sends against a provider that answers 429, 500
 * and 502, hangs and resets, while they are killed and stopped at random moments; then every send is compared with the
 * provider's own ledger.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startFakeSendGrid } from '../support/fake-sendgrid.ts';
import { buildModule } from './outreach-build.ts';
import { drawer, faultOf, fraction, moments } from './outreach-chance.ts';
import { type Reckoning, reckon } from './outreach-reckoning.ts';
import { fillScene } from './outreach-scene.ts';
import { openSenders } from './outreach-senders.ts';

/** What to disturb, and how much. */
export interface OutreachChaos {
  sends: number;
  seed: number;
  /** How many senders get SIGKILL. */
  kills: number;
  /** Sender processes at a time. */
  senders: number;
  /** How many senders get SIGSTOP, and for how long: from `shortestMs` to `longestMs`, more often shortly. */
  stops: number;
  shortestMs: number;
  longestMs: number;
  /** The run is a failure when it is not over by then. */
  limitMs: number;
  onProgress?: (words: string) => void;
  signal?: AbortSignal;
}

/** What came of it. */
export interface OutreachChaosResult extends Reckoning {
  sends: number;
  kills: number;
  stops: number;
  /** Sends that were begun when their process was stopped for longer than an attempt may take. */
  overslept: number;
  processes: number;
  seconds: number;
}

const TIMEOUT_MS = 700;
const SENDING_LIMIT_MS = 2_000;
const RETRY_AFTER_SECONDS = 1;
const SENDS_AT_A_TIME = 4;
const SLOWEST_ANSWER_MS = 40;
/** A kill or stop follows its moment after up to so long, so that it meets no fixed point of a send. */
const JITTER_MS = 150;

/**
 * Runs on a migrated database, which it fills.
 * @param database the app's login, and the superuser for setting the scene and looking at the result
 */
export async function runOutreachChaos(
  database: { url: string; adminUrl: string },
  chaos: OutreachChaos,
): Promise<OutreachChaosResult> {
  const { seed, sends, onProgress = () => undefined } = chaos;
  const admin = new pg.Pool({ connectionString: database.adminUrl, max: 2 });
  admin.on('error', () => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'reos-chaos-'));
  const fake = await startFakeSendGrid((sendId, n) => faultOf(seed, sendId, n), {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    answerAfterMs: (sendId, n) => Math.floor(fraction(`${seed}:answer:${sendId}:${n}`) * SLOWEST_ANSWER_MS),
  });
  const scene = await fillScene(admin, sends, seed);
  const senders = openSenders(buildModule('test/chaos/outreach-sender.ts', folder), {
    databaseUrl: database.url,
    tenantId: scene.tenantId,
    providerUrl: fake.url,
    timeoutMs: TIMEOUT_MS,
    sendingLimitMs: SENDING_LIMIT_MS,
    parallel: SENDS_AT_A_TIME,
  });
  const { tally } = senders;
  const startedAt = Date.now();
  try {
    onProgress(`${sends} sends, ${chaos.kills} kills, ${chaos.stops} stops, seed ${seed}`);
    await disturb();
    await senders.end(30_000);
    const reckoning = await reckon(admin, scene, fake, RETRY_AFTER_SECONDS);
    const problems = [...reckoning.problems, ...tally.failures, ...shortfalls()];
    const seconds = Math.round((Date.now() - startedAt) / 100) / 10;
    const { kills, stops, overslept, started } = tally;
    return { ...reckoning, problems, sends, kills, stops, overslept, processes: started, seconds };
  } finally {
    senders.destroy();
    await fake.close();
    await admin.end();
    rmSync(folder, { recursive: true, force: true });
  }

  /** Keeps the senders at work, and disturbs them as the work goes on, until every send has come to its end. */
  async function disturb(): Promise<void> {
    const draw = drawer(seed, 'disturbance');
    const killAt = moments(chaos.kills, draw);
    const stopAt = moments(chaos.stops, draw);
    const stopped: Promise<void>[] = [];
    let saidAt = Date.now();
    for (;;) {
      chaos.signal?.throwIfAborted();
      senders.keep(chaos.senders);
      const { begun, ended } = await progress();
      const isOver = tally.kills >= chaos.kills && tally.stops >= chaos.stops;
      if (ended === sends && isOver) break;
      if (tally.failures.length > 0) return;
      if (Date.now() - startedAt > chaos.limitMs) {
        tally.failures.push(`It was not over after ${chaos.limitMs / 1_000} s: ${ended} of ${sends} came to an end.`);
        return;
      }
      if (Date.now() - saidAt > 5_000) {
        onProgress(`${ended} of ${sends} at their end, ${tally.kills} kills, ${tally.stops} stops`);
        saidAt = Date.now();
      }
      const share = begun / sends;
      const killDue = killAt[tally.kills];
      const stopDue = stopAt[tally.stops];
      const isKillDue = killDue !== undefined && killDue <= share;
      const isStopDue = stopDue !== undefined && stopDue <= share;
      if (isKillDue || isStopDue) await sleep(draw() * JITTER_MS);
      else await sleep(20);
      if (isStopDue) {
        const span = chaos.longestMs / chaos.shortestMs;
        const stop = senders.stop(draw(), chaos.shortestMs * span ** draw());
        if (stop !== null) stopped.push(stop);
      } else if (isKillDue) senders.kill(draw());
    }
    await Promise.all(stopped);
  }

  async function progress(): Promise<{ begun: number; ended: number }> {
    const { rows } = await admin.query<{ begun: number; ended: number }>(
      `select count(*) filter (where status <> 'pending')::int as begun,
         count(*) filter (where status in ('sent', 'error', 'unknown'))::int as ended
       from outreach_messages where tenant_id = $1`,
      [scene.tenantId],
    );
    return rows[0] ?? { begun: 0, ended: 0 };
  }

  function shortfalls(): string[] {
    const found: string[] = [];
    if (tally.kills < chaos.kills) found.push(`Only ${tally.kills} of ${chaos.kills} kills happened.`);
    if (tally.stops < chaos.stops) found.push(`Only ${tally.stops} of ${chaos.stops} stops happened.`);
    if (chaos.stops > 0 && tally.overslept === 0) found.push('No stop met a send that was under way.');
    return found;
  }
}
