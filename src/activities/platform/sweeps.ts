import { type LifecycleCandidate, listWaiting } from '../../db/queries/discovery.ts';
import { listForSweep, type SweepFilter } from '../../db/queries/sweeps.ts';
import { withTenant } from '../../db/tenant.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { LifecycleStart } from './lifecycle-starter.ts';

/** What a scheduled sweep asks of each property it is about. */
export type SweepKind = 'enrich' | 'score' | 'memo' | 'outreach' | 'waiting';

const PAGE = 500;
const CONCURRENCY = 8;

interface Sweep {
  filter: SweepFilter;
  ask: 'reEnrich' | 'reScore' | 'start' | 'wake';
}

const SWEEPS: Record<Exclude<SweepKind, 'waiting'>, Sweep> = {
  enrich: { filter: 'stale_enrichment', ask: 'reEnrich' },
  score: { filter: 'scored', ask: 'reScore' },
  memo: { filter: 'memo_missing', ask: 'start' },
  outreach: { filter: 'outreach_due', ask: 'wake' },
};

/** Set-based starts: pages of properties, each handed to its own workflow; starting one twice is harmless. */
export function createSweepActivities(deps: Pick<ActivityDeps, 'db' | 'counties' | 'lifecycles' | 'scoring'>) {
  const startOf = (tenantId: string, row: LifecycleCandidate): LifecycleStart => ({
    tenantId,
    propertyId: row.id,
    county: deps.counties.byFips(row.countyFips)?.slug ?? row.countyFips,
    apn: row.apn,
    source: row.source,
    summary: [row.apn && `Parcel ${row.apn}`, row.city, row.state].filter(Boolean).join(', ') || row.countyFips,
  });

  return {
    /** Starts the lifecycle of every property of the county that waits for one. Returns how many were started. */
    async startLifecycles(input: { tenantId: string; county: string }): Promise<number> {
      const countyFips = deps.counties.find(input.county).fips;
      let started = 0;
      await eachPage(
        (after) => withTenant(deps.db, input.tenantId, (trx) => listWaiting(trx, { countyFips, after, limit: PAGE })),
        async (row) => {
          if (await deps.lifecycles.start(startOf(input.tenantId, row))) started += 1;
        },
      );
      return started;
    },

    /** Asks the stage of each property that the sweep is about. Returns how many were asked. */
    async sweepLifecycles(input: { tenantId: string; kind: SweepKind }): Promise<number> {
      let asked = 0;
      const ask = input.kind === 'waiting' ? 'start' : SWEEPS[input.kind].ask;
      await eachPage(
        (after) =>
          withTenant(deps.db, input.tenantId, (trx) =>
            input.kind === 'waiting'
              ? listWaiting(trx, { after, limit: PAGE })
              : listForSweep(trx, {
                  filter: SWEEPS[input.kind].filter,
                  minScore: minScore(deps, input.kind),
                  after,
                  limit: PAGE,
                }),
          ),
        async (row) => {
          const start = startOf(input.tenantId, row);
          if (ask === 'start') await deps.lifecycles.start(start);
          else if (ask === 'wake') await deps.lifecycles.wake(start);
          else await deps.lifecycles.request(start, ask);
          asked += 1;
        },
      );
      return asked;
    },
  };
}

function minScore(deps: Pick<ActivityDeps, 'scoring'>, kind: SweepKind): number {
  if (kind === 'memo') return deps.scoring.thresholds.memo;
  return kind === 'outreach' ? deps.scoring.thresholds.outreach : 0;
}

async function eachPage(
  read: (after: string | null) => Promise<LifecycleCandidate[]>,
  work: (row: LifecycleCandidate) => Promise<void>,
): Promise<void> {
  const heartbeat = startHeartbeat();
  try {
    let after: string | null = null;
    for (;;) {
      const page: LifecycleCandidate[] = await read(after);
      for (let at = 0; at < page.length; at += CONCURRENCY) {
        await Promise.all(page.slice(at, at + CONCURRENCY).map(work));
      }
      if (page.length < PAGE) return;
      after = page.at(-1)!.id;
      heartbeat.beat({ after });
    }
  } finally {
    heartbeat.stop();
  }
}
