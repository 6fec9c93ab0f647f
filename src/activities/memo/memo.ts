import { Context } from '@temporalio/activity';
import { appendEvent } from '../../db/queries/events.ts';
import { advanceStatus } from '../../db/queries/lifecycle.ts';
import { savePacket } from '../../db/queries/packets.ts';
import { readTenant } from '../../db/queries/tenants.ts';
import { withSystem, withTenant } from '../../db/tenant.ts';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import { memoKey } from '../../storage/object-store.ts';
import type { ActivityDeps } from '../deps.ts';
import { startHeartbeat } from '../platform/heartbeat.ts';
import { type PropertyIds, readState } from '../platform/lifecycle.ts';
import { collectImages } from './images.ts';
import { memoInput, readMemoFacts } from './memo-input.ts';

type Deps = Pick<
  ActivityDeps,
  'db' | 'http' | 'clock' | 'counties' | 'scoring' | 'retryWindowMs' | 'storage' | 'renderMemo'
>;

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
  const facts = await withTenant(deps.db, ids.tenantId, (trx) => readMemoFacts(trx, ids));
  const { property, score, variant } = facts;
  const tenant = await withSystem(deps.db, 'name of the tenant on its memo', (trx) => readTenant(trx, ids.tenantId));
  const images = await collectImages(deps, ids);
  const memo = await deps.renderMemo(await memoInput(deps, facts, tenant?.name ?? 'Real Estate OS', images));
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
      variant,
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
          variant,
        },
        source: 'memo',
      });
    }
    return readState(deps, trx, property.id);
  });
}
