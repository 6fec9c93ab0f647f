import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { createModelCache, type ModelCacheOptions } from '../../../src/activities/score/value-models.ts';
import { ReosError } from '../../../src/domain/errors.ts';
import { plainArtifact, plainRoom } from '../../support/fake-avm.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const bytes = new Map<string, Buffer>();

function served(n: number) {
  const artifact = plainArtifact({ version: `v${n}`, market: 'king-wa', perSqft: n, newestSale: null });
  bytes.set(`m/${n}`, artifact);
  const artifactSha256 = createHash('sha256').update(artifact).digest('hex');
  return { id: `id-${n}`, version: `v${n}`, artifactPath: `m/${n}`, artifactSha256 };
}

function cache(more: Partial<ModelCacheOptions> = {}) {
  const room = plainRoom();
  const storage = { get: async (key: string) => bytes.get(key) ?? null };
  return { room, models: createModelCache({ storage, avm: room, logger: pino({ level: 'silent' }), ...more }) };
}

describe('models in memory', () => {
  it('loads a model once, however many ask at the same time', async () => {
    const { models, room } = cache();
    const model = served(1);
    const versions = await Promise.all([1, 2, 3].map(() => models.use(TENANT, model, (avm) => avm.version)));
    expect(versions).toEqual(['v1', 'v1', 'v1']);
    expect(room.opened).toBe(1);
  });

  it('gives back the least recently used beyond its capacity', async () => {
    const { models, room } = cache({ capacity: 2 });
    for (const n of [1, 2, 1, 3]) await models.use(TENANT, served(n), () => undefined);
    expect(models.size()).toBe(2);
    expect(room).toMatchObject({ opened: 3, freed: 1 });
    await models.use(TENANT, served(1), () => undefined);
    expect(room.opened).toBe(3);
    await models.use(TENANT, served(2), () => undefined);
    expect(room.opened).toBe(4);
  });

  it('never frees a model under the work that uses it', async () => {
    const { models, room } = cache({ capacity: 1 });
    await models.use(TENANT, served(1), () => undefined);
    const freedAtWork: number[] = [];
    const first = models.use(TENANT, served(1), () => freedAtWork.push(room.freed));
    const second = models.use(TENANT, served(2), () => undefined);
    await Promise.all([first, second]);
    expect(freedAtWork).toEqual([0]);
    await sleep(0);
    expect(room.freed).toBe(1);
    models.close();
    await sleep(0);
    expect(room.freed).toBe(2);
  });

  it('keeps tenants apart', async () => {
    const { models, room } = cache();
    await models.use(TENANT, served(1), () => undefined);
    await models.use(TENANT.replaceAll('1', '2'), served(1), () => undefined);
    expect(room.opened).toBe(2);
  });

  it('tries a model that cannot be loaded again only after a while', async () => {
    let tries = 0;
    const open = async (): Promise<never> => {
      tries += 1;
      throw new ReosError('missing_part', 'no library');
    };
    const { models } = cache({ avm: { open }, retryAfterMs: 30 });
    const model = served(1);
    const attempt = () => models.use(TENANT, model, () => undefined);
    await expect(attempt()).rejects.toThrow('no library');
    await expect(attempt()).rejects.toThrow('no library');
    expect(tries).toBe(1);
    await sleep(40);
    await expect(attempt()).rejects.toThrow('no library');
    expect(tries).toBe(2);
  });

  it('does not let a transaction wait for a slow load, and has the model afterwards', async () => {
    const room = plainRoom();
    const open = async (artifact: Buffer) => {
      await sleep(60);
      return room.open(artifact);
    };
    const { models } = cache({ avm: { open }, patienceMs: 10 });
    const model = served(1);
    await expect(models.use(TENANT, model, () => undefined)).rejects.toThrow('still being loaded');
    await sleep(80);
    expect(await models.use(TENANT, model, (avm) => avm.version)).toBe('v1');
    expect(room.opened).toBe(1);
  });

  it('refuses bytes that are missing or were changed', async () => {
    const { models } = cache();
    const model = served(1);
    bytes.set('m/1', Buffer.from('other'));
    await expect(models.use(TENANT, model, () => undefined)).rejects.toThrow('not those that were saved');
    await expect(models.use(TENANT, { ...served(2), artifactPath: 'm/none' }, () => undefined)).rejects.toThrow(
      'not in the store',
    );
  });
});
