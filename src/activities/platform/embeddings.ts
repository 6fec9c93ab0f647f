import type { Database } from '../../db/connect.ts';
import { listUnembedded, writeEmbeddings } from '../../db/queries/embeddings.ts';
import { decide } from '../../db/queries/policy.ts';
import { withTenant } from '../../db/tenant.ts';
import type { Embedder } from '../../http/embeddings.ts';
import { startHeartbeat } from './heartbeat.ts';

/** A model, and what a million tokens cost, in 1e-6 USD. */
export interface PricedEmbedder {
  embedder: Embedder;
  millionTokensMicros: number;
}

const BATCH = 64;
/** A text of the greatest length has about so many tokens: what a batch may cost is asked before. */
const TOKENS_PER_TEXT = 1_000;

/** Vectors for what is said of properties; without a model there is nothing to do. */
export function createEmbeddingActivities(deps: {
  db: Database;
  clock: () => Date;
  embeddings?: PricedEmbedder | undefined;
}) {
  return {
    /**
     * Makes the vectors that are missing or stale, in batches of one call and one transaction each; what is there is not
     * made again. Ends early when the tenant's budget ends. Returns how many were made.
     */
    async embedProperties({ tenantId }: { tenantId: string }): Promise<number> {
      if (deps.embeddings === undefined) return 0;
      const { embedder, millionTokensMicros } = deps.embeddings;
      const { model } = embedder;
      const heartbeat = startHeartbeat();
      let made = 0;
      try {
        for (let after: string | null = null; ; ) {
          const batch = await withTenant(deps.db, tenantId, async (trx) => {
            const rows = await listUnembedded(trx, { model, after, limit: BATCH });
            const costMicros = Math.ceil((rows.length * TOKENS_PER_TEXT * millionTokensMicros) / 1e6);
            if (rows.length === 0 || costMicros === 0) return rows;
            const actor = { kind: 'system' as const, name: 'embeddings' };
            const decision = await decide(trx, {
              actor,
              action: 'embeddings:call',
              resource: 'embeddings',
              costMicros,
            });
            return decision.allow ? rows : [];
          });
          if (batch.length === 0) return made;
          const { vectors, tokens } = await embedder.embed(batch.map(({ text }) => text));
          const rows = batch.map(({ id, contentHash }, n) => ({ id, contentHash, vector: vectors[n]! }));
          const costMicros = Math.ceil((tokens * millionTokensMicros) / 1e6);
          await withTenant(deps.db, tenantId, (trx) =>
            writeEmbeddings(trx, { model, costMicros, at: deps.clock(), rows }),
          );
          made += rows.length;
          after = batch.at(-1)!.id;
          heartbeat.beat({ made });
        }
      } finally {
        heartbeat.stop();
      }
    },
  };
}
