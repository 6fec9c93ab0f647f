import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadRecipes } from '../../../src/activities/discover/recipe-load.ts';
import { readSalesFile } from '../../../src/activities/discover/sales-file.ts';
import { decideOnModel } from '../../../src/activities/platform/model-decision.ts';
import { saveTrainedModel } from '../../../src/activities/platform/model-store.ts';
import { saveValuations } from '../../../src/db/queries/valuations.ts';
import { withTenant } from '../../../src/db/tenant.ts';
import { generateSample, seededRandom } from '../../../src/demo/sample.ts';
import { createAvmRoom } from '../../../src/workers/avm.ts';
import type { SignedUp } from './people.ts';
import type { DashboardSystem } from './system.ts';

/** Trains a model of King County on invented sales and makes it champion, with one before it that it took over from. */
export async function seedModel({ deps, settings }: DashboardSystem, { tenantId }: SignedUp): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reos sales '));
  const avm = createAvmRoom(settings);
  const recipes = await loadRecipes(settings.configDir);
  let champion = '';
  try {
    for (const [rows, seed] of [
      [160, 3],
      [240, 4],
    ] as const) {
      const file = join(folder, `sales-${seed}.csv`);
      await writeFile(file, generateSample(rows, seed));
      const data = await readSalesFile(file, { recipes, approved: null, overrides: [] });
      const trained = await avm.train(data, { market: 'king-wa', seed, trials: 1 });
      const { row } = await saveTrainedModel({ db: deps.db, storage: deps.storage }, tenantId, trained);
      const input = { source: 'train', sales: data.sales, heldOut: trained.heldOut, forceReason: 'looked at by hand' };
      await decideOnModel({ db: deps.db, storage: deps.storage, avm }, tenantId, row.id, input);
      champion = row.id;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return champion;
}

/** What the scoreboard counts: valuations of two months ago, and sales that were recorded since. */
export async function seedOutcomes(
  { deps, database }: DashboardSystem,
  { tenantId }: SignedUp,
  modelId: string,
): Promise<void> {
  const random = seededRandom(5);
  const asOf = dayBefore(60);
  const houses = await database.query<{ id: string; sqft: number }>(
    `select id, sqft from properties where tenant_id = '${tenantId}' and sqft > 0 order by bird_dog_score nulls first, id limit 60`,
  );
  const sold = houses.map(({ id, sqft }) => ({ id, price: sqft * (260 + 80 * random()) }));
  const rows = sold.map(({ id, price }) => {
    const value = price * (1 + (random() - 0.47) * 0.28);
    const interval = (share: number) => ({ low: value * (1 - share), high: value * (1 + share) });
    const intervals = { 50: interval(0.05), 80: interval(0.1), 90: interval(0.13) };
    const named = { confidence: 0.72, asOf, modelVersion: 'test', notes: [] };
    return { propertyId: id, valuation: { value, log: Math.log(value), intervals, ...named } };
  });
  await withTenant(deps.db, tenantId, (trx) => saveValuations(trx, { modelId, isShadow: false, asOf }, rows));
  await withTenant(deps.db, tenantId, (trx) =>
    trx.db
      .insertInto('sales')
      .values(
        sold.map(({ id, price }, at) => ({
          tenantId,
          propertyId: id,
          closeDate: dayBefore(50 - Math.floor(at / 2)),
          closePriceCents: Math.round(price) * 100,
          armsLength: true,
          source: 'county records',
        })),
      )
      .execute(),
  );
}

const dayBefore = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
