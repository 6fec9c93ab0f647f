import { Context } from '@temporalio/activity';
import { appendEvent } from '../../db/queries/events.ts';
import { advanceStatus } from '../../db/queries/lifecycle.ts';
import { savePacket } from '../../db/queries/packets.ts';
import { readProperty } from '../../db/queries/properties.ts';
import { latestScore } from '../../db/queries/scores.ts';
import { readTenant } from '../../db/queries/tenants.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import { financialMetrics } from '../../domain/deal-math.ts';
import { ReosError } from '../../domain/errors.ts';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { MemoInput, ReferencePriceKind } from '../../domain/memo/input.ts';
import type { Property } from '../../domain/property.ts';
import { memoKey } from '../../storage/object-store.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { type PropertyIds, readState } from '../platform/lifecycle.ts';
import { memoFinancials } from './financials.ts';

type Deps = Pick<ActivityDeps, 'db' | 'clock' | 'counties' | 'scoring' | 'retryWindowMs' | 'storage' | 'renderMemo'>;
type ScoreRow = NonNullable<Awaited<ReturnType<typeof latestScore>>>;

/** Writing memos. */
export function createMemoActivities(deps: Deps) {
  return {
    /** Renders the memo of the newest score, stores it under its hash, and records it. */
    generateMemo: async (ids: PropertyIds): Promise<LifecycleState> => {
      const heartbeat = startHeartbeat();
      try {
        return await generateMemo(deps, ids);
      } finally {
        heartbeat.stop();
      }
    },
  };
}

async function generateMemo(deps: Deps, ids: PropertyIds): Promise<LifecycleState> {
  const { property, score } = await withTenant(deps.db, ids.tenantId, async (trx) => ({
    property: await readProperty(trx, ids.propertyId),
    score: await latestScore(trx, ids.propertyId),
  }));
  if (score === undefined) {
    throw new ReosError(
      'validation',
      `Property ${ids.propertyId} has no score to write a memo about. Run: reos lifecycle rescore ${ids.propertyId}`,
    );
  }
  const tenant = await withSystem(deps.db, 'name of the tenant on its memo', (trx) => readTenant(trx, ids.tenantId));
  const memo = await deps.renderMemo(memoInput(deps, property, score, tenant?.name ?? 'Real Estate OS'));
  const path = memoKey(ids.tenantId, memo.sha256);
  await deps.storage.put(path, memo.pdf, 'application/pdf');
  return withTenant(deps.db, ids.tenantId, async (trx) => {
    const { id: packetId, isNew } = await savePacket(trx, {
      propertyId: property.id,
      scoreId: score.id,
      templateVersion: memo.templateVersion,
      path,
      sha256: memo.sha256,
      bytes: memo.pdf.byteLength,
      pages: memo.pages,
    });
    await advanceStatus(trx, property.id, 'packet_ready');
    if (isNew) {
      await appendEvent(trx, {
        eventType: 'memo.generated',
        propertyId: property.id,
        correlationId: Context.current().info.workflowExecution?.runId ?? property.id,
        payload: {
          packet_id: packetId,
          sha256: memo.sha256,
          pages: memo.pages,
          template_version: memo.templateVersion,
        },
        source: 'memo',
      });
    }
    return readState(deps, trx, property.id);
  });
}

/** What the memo says, put together from the property, its score and its county. */
function memoInput(deps: Deps, property: Property, score: ScoreRow, tenantName: string): MemoInput {
  const county = deps.counties.find(property.countyFips);
  const kind = score.referencePriceKind as ReferencePriceKind;
  const metrics = financialMetrics(
    {
      facts: property,
      valueCents: score.estimatedValueCents,
      priceCents: score.referencePriceCents,
      priceKind: kind,
      asOf: score.asOf,
    },
    deps.scoring.assumptions,
  );
  return {
    property,
    county: {
      name: county.name,
      state: county.state,
      medianPriceCents: county.median_price.amount * 100,
      medianPriceSource: county.median_price.source,
      medianPriceYear: county.median_price.year,
    },
    score: {
      ...score,
      referencePriceKind: kind,
      components: score.scoreComponents as unknown as MemoInput['score']['components'],
      reasons: score.reasons as unknown as MemoInput['score']['reasons'],
      scoredAt: score.scoredAt.toISOString(),
    },
    comparables: score.comparables as unknown as MemoInput['comparables'],
    financials: memoFinancials(metrics, property, kind),
    tenant: {
      name: tenantName,
      callToAction: { text: 'Reply to the message that brought this memo, and we talk about the next step.' },
    },
    images: [],
    generatedAt: score.scoredAt.toISOString(),
  };
}
