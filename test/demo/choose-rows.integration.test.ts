import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadRecipes, type Recipes } from '../../src/activities/discover/recipe-load.ts';
import { discover } from '../../src/activities/discover/registry.ts';
import type { DiscoverDeps } from '../../src/activities/discover/source.ts';
import { chooseRows } from '../../src/demo/choose-rows.ts';
import { generateSample } from '../../src/demo/sample.ts';
import type { DiscoveredRecord } from '../../src/domain/listing.ts';

let recipes: Recipes;
beforeAll(async () => {
  recipes = await loadRecipes(resolve(process.cwd(), 'config'));
});
const folder = () => mkdtempSync(join(tmpdir(), 'choose-'));
const realFile = resolve(process.cwd(), '../shared/data/king-county/king-county-sales.csv');

const choose = (file: string, count = 300, seed = 7) =>
  chooseRows({ file, count, seed, folder: folder(), countyFips: '53033', recipes });

async function readBack(path: string): Promise<DiscoveredRecord[]> {
  const found: DiscoveredRecord[] = [];
  const deps = { clock: () => new Date() } as DiscoverDeps;
  const kind = path.endsWith('.csv') ? 'csv_file' : 'json_file';
  for await (const item of discover(deps, kind, { path, recipes, countyFips: '53033' })) {
    if (item.type === 'record') found.push(item.record);
  }
  return found;
}

function sampleFile(rows = 600): string {
  const file = join(folder(), 'sample.csv');
  writeFileSync(file, generateSample(rows));
  return file;
}

const parcels = (records: readonly DiscoveredRecord[]) => records.map(({ ParcelNumber }) => ParcelNumber);

describe('generateSample', () => {
  it('is the same for the same seed, and valid', async () => {
    expect(generateSample(50)).toBe(generateSample(50));
    expect(generateSample(50, 1)).not.toBe(generateSample(50, 2));
    expect(await readBack(sampleFile())).toHaveLength(600);
  });
});

describe('chooseRows', () => {
  it('takes 300 distinct parcels, the same for the same seed, in a file that reads as they do', async () => {
    const file = sampleFile();
    const [first, again, other] = [await choose(file), await choose(file), await choose(file, 300, 8)];
    expect(new Set(parcels(first.records)).size).toBe(300);
    expect(parcels(again.records)).toEqual(parcels(first.records));
    expect(parcels(other.records)).not.toEqual(parcels(first.records));
    expect(readFileSync(again.path, 'utf8')).toBe(readFileSync(first.path, 'utf8'));
    expect(await readBack(first.path)).toEqual(first.records);
  });

  it('takes what there is of a small file', async () => {
    expect((await choose(sampleFile(40))).records).toHaveLength(40);
  });

  it('takes JSON too, and reads it back as it was', async () => {
    const records = await readBack(sampleFile(80));
    const file = join(folder(), 'houses.json');
    const known = records.map(({ extras: _e, source: _s, record_kind: _k, source_id, Media: _m, ...record }) =>
      Object.fromEntries([
        ['ListingKey', source_id],
        ...Object.entries(record).filter(([, v]) => v !== null && !Array.isArray(v)),
      ]),
    );
    writeFileSync(file, JSON.stringify(known));
    const chosen = await choose(file, 30);
    expect(new Set(parcels(chosen.records)).size).toBe(30);
    const back = await readBack(chosen.path);
    expect(parcels(back)).toEqual(parcels(chosen.records));
    expect(back.map(({ ClosePrice, record_kind }) => [ClosePrice, record_kind])).toEqual(
      chosen.records.map(({ ClosePrice, record_kind }) => [ClosePrice, record_kind]),
    );
  });

  it('keeps rows whole that run over several lines', async () => {
    const [header, ...rows] = generateSample(12).trim().split('\n');
    const file = join(folder(), 'notes.csv');
    const lines = rows.map((row, n) => `${row},"a note\nover ${n} lines"`);
    writeFileSync(file, `${header},remarks\n${lines.join('\n')}\n`);
    const chosen = await choose(file, 6);
    expect(parcels(await readBack(chosen.path))).toEqual(parcels(chosen.records));
  });

  it('refuses a file without places', async () => {
    const file = join(folder(), 'bare.csv');
    writeFileSync(file, 'ParcelNumber,ListPrice,PropertyType,LivingArea\n0011223344,300000,Residential,1000\n');
    await expect(choose(file)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining('bare.csv'),
    });
  });

  describe.skipIf(!existsSync(realFile))('on ../shared/data/king-county (skipped where the folder is missing)', () => {
    it('takes 300 distinct parcels', async () => {
      const { records } = await choose(realFile);
      expect(new Set(parcels(records)).size).toBe(300);
    });
  });
});
