import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { kindOfFile } from '../activities/discover/registry.ts';
import { runDiscovery } from '../client/discoveries.ts';
import type { Database } from '../db/connect.ts';
import { type ContactKeys, openDetails } from '../db/queries/contacts.ts';
import { countByStatus, countSettled } from '../db/queries/reports.ts';
import { withTenant } from '../db/tenant.ts';
import { ReosError } from '../domain/errors.ts';
import { workflowIds } from '../domain/ids.ts';
import type { OutboxEventKeys } from '../secrets.ts';
import { playMailEvents } from './mail-events.ts';
import { type DemoSummary, summarise } from './summary.ts';

/** What a run of the demonstration works on. */
export interface DemoRun {
  db: Database;
  temporal: () => Promise<Client>;
  apiUrl: string;
  home: string;
  tenantId: string;
  county: string;
  /** The chosen rows as a file. */
  file: string;
  fileName: string;
  contactKeys: ContactKeys;
  keys: OutboxEventKeys;
  /** Called with what is done of what there is. */
  onProgress: (settled: number, total: number, stages: Record<string, number>) => void;
  onNote: (message: string) => void;
}

const SETTLE_LIMIT_MS = 15 * 60_000;

/**
 * Drives the chosen rows and the listing site all the way: discovered, enriched, scored, memo, outbox, events. Survives
 * the death of any part, which its supervisor brings back.
 * @throws ReosError `transient` when properties are still at work after 15 minutes
 */
export async function runDemo(run: DemoRun): Promise<DemoSummary> {
  const { tenantId, county } = run;
  const discovery = await persistently(async () =>
    runDiscovery(await run.temporal(), {
      workflowId: workflowIds.discovery(tenantId, county),
      input: {
        tenantId,
        county,
        dagId: 'demo',
        sources: [
          { kind: kindOfFile(run.file), path: run.file, displayName: run.fileName },
          { kind: 'listing_site', recipe: 'fsbo-demo' },
        ],
      },
    }),
  );
  if (discovery.problems.length > 0) throw new ReosError('validation', discovery.problems.join('\n'));
  await untilSettled(run);
  await playEvents(run);
  return persistently(() => withTenant(run.db, tenantId, (trx) => summarise(trx, join(run.home, 'outbox', tenantId))));
}

async function untilSettled(run: DemoRun): Promise<void> {
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const { counts, stages } = await persistently(() =>
      withTenant(run.db, run.tenantId, async (trx) => ({
        counts: await countSettled(trx),
        stages: await countByStatus(trx),
      })),
    );
    run.onProgress(counts.settled, counts.total, stages);
    if (counts.settled === counts.total) return;
    if (Date.now() > deadline) {
      throw new ReosError(
        'transient',
        `${counts.total - counts.settled} of ${counts.total} properties are still at work after 15 minutes. Look at them with: reos lifecycle list, and at ${join(run.home, 'logs')}`,
      );
    }
    await sleep(500);
  }
}

/** Plays the mail provider for what is in the outbox, and waits until every event has reached its workflow. */
async function playEvents(run: DemoRun): Promise<void> {
  const { tenantId } = run;
  const sends = await persistently(() =>
    withTenant(run.db, tenantId, (trx) =>
      trx.db
        .selectFrom('outreachMessages as m')
        .innerJoin('contacts as c', (join_) =>
          join_.onRef('c.tenantId', '=', 'm.tenantId').onRef('c.id', '=', 'm.contactId'),
        )
        .select(['m.sendId', 'm.contactId', 'c.sealed', 'm.sentAt'])
        .where('m.tenantId', '=', tenantId)
        .where('m.provider', '=', 'local-outbox')
        .where('m.sentAt', 'is not', null)
        .orderBy('m.sendId')
        .execute(),
    ),
  );
  if (sends.length === 0) return;
  const report = await persistently(() =>
    playMailEvents({
      sends: sends.map(({ sendId, contactId, sealed, sentAt }) => ({
        sendId,
        email: openDetails(run.contactKeys, tenantId, { id: contactId, sealed }).email!,
        sentAt: sentAt!,
      })),
      keys: run.keys,
      callToActionUrl: `${run.apiUrl}/interested`,
      memoUrl: `${run.apiUrl}/files/memo.pdf`,
      now: new Date(),
      webhookUrl: `${run.apiUrl}/webhook/sendgrid`,
    }),
  );
  run.onNote(`events: ${report.recorded} recorded, ${report.duplicates} repeated ones recognised`);
  for (let left = 1; left > 0; ) {
    left = await persistently(() =>
      withTenant(run.db, tenantId, async (trx) => {
        const row = await trx.db
          .selectFrom('signalOutbox')
          .select((eb) => eb.fn.countAll<number>().as('left'))
          .where('tenantId', '=', tenantId)
          .where('deliveredAt', 'is', null)
          .executeTakeFirstOrThrow();
        return Number(row.left);
      }),
    );
    if (left > 0) await sleep(300);
  }
}

const RETRY_LIMIT_MS = 120_000;

/** Tries again while a part is coming back: Postgres, Temporal or the API under their supervisor. */
async function persistently<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + RETRY_LIMIT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() > deadline) throw error;
      await sleep(500);
    }
  }
}

function isAway(error: unknown): boolean {
  if (error instanceof ReosError) return error.code === 'transient';
  const words =
    error instanceof Error ? `${error.name} ${error.message} ${(error as { cause?: Error }).cause?.message ?? ''}` : '';
  return /UNAVAILABLE|ServiceError|ECONNREFUSED|ECONNRESET|fetch failed|DEADLINE_EXCEEDED|connection/i.test(words);
}
