/**
 * Measures how long one tenant's single import waits behind another's many. Runs the embedded Temporal server twice on a
 * folder of its own, with fairness between tenants and without, each with one worker of few places. Tenant A's small
 * lifecycles (two activities each) are all queued when tenant B's one begins; its time is told beside that of B alone.
 *
 * Run: `npm run bench -- fairness [--lifecycles 2000] [--work-ms 10] [--places 4]`. Aim: with fairness, B within a second
 * while A's backlog stands.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { reosHome } from '../src/runtime/home.ts';
import { superviseProcess } from '../src/runtime/supervisor.ts';
import { prepareTemporal } from '../src/runtime/temporal.ts';
import type { fairnessLifecycle } from './parts/fairness-workflow.ts';

const { values } = parseArgs({
  options: {
    lifecycles: { type: 'string', default: '2000' },
    'work-ms': { type: 'string', default: '10' },
    places: { type: 'string', default: '4' },
  },
});
const [lifecycles, workMs, places] = [Number(values.lifecycles), Number(values['work-ms']), Number(values.places)];
const tell = (words: string) => void process.stderr.write(`${words}\n`);
const TASK_QUEUE = 'core';

Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined), shutdownSignals: [] });
const bundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('parts/fairness-workflow.ts', import.meta.url)),
  logger: new DefaultLogger('ERROR', () => undefined),
});
const result = { lifecycles, workMs, places, fair: await run(true), unfair: await run(false) };
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

/** One server, one worker, both tenants. Milliseconds. */
async function run(isFair: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'reos fairness '));
  const home = reosHome(folder);
  const prepared = await prepareTemporal(home, { env: process.env, onProgress: tell });
  const spec = prepared.process!;
  const args = spec.args.map((arg) =>
    arg === 'matching.enableFairness=true' ? `matching.enableFairness=${isFair}` : arg,
  );
  const server = await superviseProcess(home, { ...spec, args });
  const connection = await Connection.connect({ address: prepared.address });
  const native = await NativeConnection.connect({ address: prepared.address });
  const client = new Client({ connection });
  const worker = await Worker.create({
    connection: native,
    taskQueue: TASK_QUEUE,
    workflowBundle: bundle,
    activities: { work: () => sleep(workMs) },
    maxConcurrentActivityTaskExecutions: places,
    maxConcurrentWorkflowTaskExecutions: 10,
    maxCachedWorkflows: 500,
  });
  const running = worker.run();
  const start = (tenant: string, n: number) =>
    client.workflow.start<typeof fairnessLifecycle>('fairnessLifecycle', {
      taskQueue: TASK_QUEUE,
      workflowId: `${tenant}:${n}`,
      priority: { fairnessKey: tenant },
    });
  const timed = async (tenant: string, n: number) => {
    const began = performance.now();
    await (await start(tenant, n)).result();
    return Math.round(performance.now() - began);
  };
  await timed('warm', 0);
  const alone = await timed('b', 0);
  const began = performance.now();
  let next = 0;
  let done = 0;
  const finished: Promise<unknown>[] = [];
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      while (next < lifecycles) {
        next += 1;
        const handle = await start('a', next);
        finished.push(handle.result().then(() => (done += 1)));
      }
    }),
  );
  const startedMs = Math.round(performance.now() - began);
  tell(`${isFair ? 'fair' : 'unfair'}: A has ${lifecycles} lifecycles after ${startedMs} ms, ${done} of them done`);
  const doneBefore = done;
  const behind: number[] = [];
  for (let n = 1; n <= 3; n += 1) behind.push(await timed('b', n));
  const doneAtB = done;
  await Promise.all(finished);
  const allMs = Math.round(performance.now() - began);
  worker.shutdown();
  await running;
  await connection.close();
  await native.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
  return { aloneMs: alone, behindMs: behind, aDoneWhenBBegan: doneBefore, aDoneWhenBEnded: doneAtB, aAllMs: allMs };
}
