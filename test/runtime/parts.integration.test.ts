import { Client, Connection } from '@temporalio/client';
import { afterEach, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/runtime/doctor.ts';
import { type RunningParts, startParts } from '../../src/runtime/parts.ts';
import { findOnPath } from '../../src/runtime/run-command.ts';
import { temporaryHome, until } from './support.ts';

// Building the server takes minutes: this suite needs one on PATH, as `reos up` leaves one behind in its cache.
const env = process.env;
const hasServer = findOnPath(['temporal'], env) !== null || findOnPath(['go'], env) !== null;

const { home, remove } = temporaryHome();
let parts: RunningParts | null = null;
afterEach(async () => {
  await parts?.stop();
  parts = null;
});

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 5_000 });
  return use(new Client({ connection })).finally(() => connection.close());
}

describe.skipIf(!hasServer)('startParts (needs the temporal program or Go on PATH)', () => {
  it('starts both, refuses a second owner, and loses no workflow to kill -9 of Temporal', {
    timeout: 600_000,
  }, async () => {
    parts = await startParts(home, { env });
    const { temporalAddress } = parts;
    await expect(startParts(home, { env })).rejects.toMatchObject({ code: 'conflict' });
    await withClient(temporalAddress, async (client) => {
      for (let n = 0; n < 20; n += 1) {
        await client.workflow.start('waits', { taskQueue: 'nobody', workflowId: `kept/${n}` });
      }
    });
    const killed = parts.pids()['temporal']!;
    process.kill(killed, 'SIGKILL');
    const count = () => withClient(temporalAddress, (client) => client.workflow.count('WorkflowType = "waits"'));
    await until(
      async () => parts!.pids()['temporal'] !== killed && (await count().catch(() => null))?.count === 20,
      30_000,
    );

    const reports = await diagnose({ home, env });
    expect(reports.find((report) => report.part === 'temporal')!.detail).toMatch(/running as process/);
    expect(reports.find((report) => report.part === 'postgres')!.detail).toMatch(/running as process/);

    await parts.stop();
    parts = await startParts(home, { env });
    expect(parts.temporalAddress).toBe(temporalAddress);
    expect((await count()).count).toBe(20);
    const attributes = await withClient(temporalAddress, (client) =>
      client.connection.operatorService.listSearchAttributes({ namespace: 'default' }),
    );
    expect(Object.keys(attributes.customAttributes ?? {})).toEqual(
      expect.arrayContaining(['TenantId', 'BirdDogScore', 'NeedsReview']),
    );
    expect((await fetch(parts.temporalUiUrl!)).status).toBe(200);
  });

  it('uses given servers and starts nothing', async () => {
    parts = await startParts(home, { env });
    const other = temporaryHome();
    const { databaseUrl, temporalAddress } = parts;
    const external = await startParts(other.home, { databaseUrl, temporalAddress, env });
    expect(external).toMatchObject({ databaseSource: 'DATABASE_URL', temporalSource: 'TEMPORAL_ADDRESS' });
    expect(external.pids()).toEqual({});
    await external.stop();
    other.remove();
    await parts.stop();
    parts = null;
    remove();
  });
});
