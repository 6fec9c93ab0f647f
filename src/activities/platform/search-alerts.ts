import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Database } from '../../db/connect.ts';
import { notifyUsers } from '../../db/queries/collaboration.ts';
import { type EventPlace, type LoggedEvent, readFeed } from '../../db/queries/event-feed.ts';
import {
  type AlertingSearch,
  listAlertingSearches,
  lockDailySearches,
  readAlertPlace,
  recordHits,
  type SearchHit,
  saveAlertPlace,
  takeWaitingHits,
} from '../../db/queries/search-alerts.ts';
import { readOwnTenant } from '../../db/queries/tenant-settings.ts';
import { queueUserMails } from '../../db/queries/user-mails.ts';
import { type TenantTrx, withSystem, withTenant } from '../../db/tenant.ts';
import { nextDue } from '../../domain/report-schedule.ts';

const BATCH = 500;
/** More new matches of one search at once are told of together. */
const MOST_NOTICES = 20;
const DIGEST_HOUR = 7;
const REASON = 'alerts of saved searches for every tenant';

/**
 * Reads the next events of every tenant and tells the owners of saved searches of what came to fit. Told once per
 * search, property and version, however often a batch is read. Returns how many events were read.
 */
export async function alertRound(deps: { db: Database }): Promise<number> {
  const { events } = await withSystem(deps.db, REASON, async (trx) => readFeed(trx, await readAlertPlace(trx), BATCH));
  const end: EventPlace | undefined = events.at(-1);
  if (end === undefined) return 0;
  const byTenant = new Map<string, LoggedEvent[]>();
  for (const event of events) byTenant.set(event.tenantId, [...(byTenant.get(event.tenantId) ?? []), event]);
  for (const [tenantId, batch] of byTenant) await withTenant(deps.db, tenantId, (trx) => tellOf(trx, batch));
  await withSystem(deps.db, REASON, (trx) => saveAlertPlace(trx, end));
  return events.length;
}

async function tellOf(trx: TenantTrx, events: readonly LoggedEvent[]): Promise<void> {
  const ids = [...new Set(events.map(({ propertyId }) => propertyId).filter((id) => id !== null))];
  if (ids.length === 0) return;
  for (const search of await listAlertingSearches(trx)) {
    const hits = await recordHits(trx, search, ids);
    if (search.alert !== 'instant' || hits.length === 0) continue;
    const batch = `search:${search.id}:${events.at(-1)!.eventId}`;
    if (hits.length > MOST_NOTICES) await tellTogether(trx, search, { count: hits.length, hits, reference: batch });
    else {
      await notifyUsers(
        trx,
        hits.map((hit) => ({
          userId: search.userId,
          kind: 'search' as const,
          title: `New match for “${search.name}”: ${lineOf(hit)}`,
          propertyId: hit.propertyId,
          reference: `search:${search.id}:${hit.propertyId}:${hit.version}`,
        })),
      );
      await mail(trx, search, { count: hits.length, hits, reference: batch });
    }
  }
}

/** Sends the digests that are due: once a day from seven in the morning, in the tenant's time. Returns how many. */
export function sendDigests(deps: { db: Database }, tenantId: string, now: Date): Promise<number> {
  return withTenant(deps.db, tenantId, async (trx) => {
    const { timeZone } = await readOwnTenant(trx);
    const schedule = { frequency: 'daily', hour: DIGEST_HOUR, weekday: 1, monthDay: 1, timeZone } as const;
    let sent = 0;
    for (const search of await lockDailySearches(trx)) {
      const due = nextDue(schedule, search.alertedUntil);
      if (due > now) continue;
      const { count, hits } = await takeWaitingHits(trx, search.id, MOST_NOTICES, now);
      if (count === 0) continue;
      await tellTogether(trx, search, { count, hits, reference: `search:${search.id}:${due.toISOString()}` });
      sent += 1;
    }
    return sent;
  });
}

interface Told {
  count: number;
  hits: readonly SearchHit[];
  reference: string;
}

async function tellTogether(trx: TenantTrx, search: AlertingSearch, told: Told): Promise<void> {
  const title = `${told.count} new ${told.count === 1 ? 'match' : 'matches'} for “${search.name}”`;
  const notice = { userId: search.userId, kind: 'search' as const, title, propertyId: null, reference: told.reference };
  await notifyUsers(trx, [notice]);
  await mail(trx, search, told);
}

async function mail(trx: TenantTrx, search: AlertingSearch, { count, hits, reference }: Told): Promise<void> {
  if (!search.byEmail) return;
  const shown = hits.slice(0, MOST_NOTICES);
  const more = count > shown.length ? [`… and ${count - shown.length} more.`] : [];
  await queueUserMails(trx, [
    {
      userId: search.userId,
      reference,
      subject: `${count} new ${count === 1 ? 'match' : 'matches'} for “${search.name}”`,
      body: [`Your saved search “${search.name}” found:`, '', ...shown.map((hit) => `- ${lineOf(hit)}`), ...more].join(
        '\n',
      ),
      attachmentKey: null,
      attachmentName: null,
    },
  ]);
}

function lineOf({ label, listPriceCents, birdDogScore }: SearchHit): string {
  const price = listPriceCents === null ? [] : [`$${Math.round(listPriceCents / 100).toLocaleString('en-US')}`];
  const score = birdDogScore === null ? [] : [`score ${Math.round(birdDogScore)}`];
  return [label, ...price, ...score].join(' · ');
}

/** Reads on and on until it is stopped; outlives the absence of Postgres. */
export function startSearchAlerts(deps: { db: Database; logger: Logger; pollMs?: number }): {
  stop(): Promise<void>;
} {
  const stopping = new AbortController();
  const pollMs = deps.pollMs ?? 1_000;
  const run = async () => {
    let waitMs = 0;
    while (!stopping.signal.aborted) {
      try {
        waitMs = (await alertRound(deps)) === BATCH ? 0 : pollMs;
      } catch (error) {
        waitMs = Math.min(Math.max(waitMs, pollMs) * 2, 30_000);
        deps.logger.warn({ err: error }, 'alerts of saved searches could not be told; they are tried again');
      }
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const done = run();
  return {
    stop: () => {
      stopping.abort();
      return done;
    },
  };
}
