import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ModelDocument, readArtifact, trimSales, writeArtifact } from '../../src/avm/artifact.ts';
import { DEFAULT_HISTORY, fitHistory } from '../../src/avm/fit-history.ts';
import { inventSales } from './synthetic-market.ts';

const sales = inventSales({ sales: 120 }).map((sale) => ({
  ...sale,
  extras: { ...sale.extras, remark: `r${sale.row}` },
}));
const history = fitHistory(sales, DEFAULT_HISTORY);
const document = (): ModelDocument => ({
  format: 3,
  market: 'invented',
  version: 'v1',
  history,
  sales: trimSales(sales, history),
  isDated: true,
  featureNames: ['living_area'],
  members: [{ kind: 'onLocal', booster: 'tree\n…' }],
  blend: { plain: 0.1, onHedonic: 0.2, onLocal: 0.5, hedonic: 0.1, local: 0.1 },
  shift: 1 / 3,
  averages: { local: 12, hedonic: 12, level: 0.01 },
  intervals: { booster: 'tree\n', halfWidths: { 50: 0.7, 80: 1.4, 90: 2 }, percentiles: [0, 1] },
  widening: { sqft: 1.5 },
});

describe('the stored model', () => {
  it('comes back as it went, every number to its last bit', () => {
    expect(readArtifact(writeArtifact(document()))).toEqual(document());
  });

  it('is the same bytes for the same document, and names no operating system', () => {
    const bytes = writeArtifact(document());
    expect(bytes.equals(writeArtifact(document()))).toBe(true);
    expect(bytes[9]).toBe(255);
    expect(writeArtifact({ ...document(), shift: 0.3 }).equals(bytes)).toBe(false);
  });

  it('keeps of the sales what the model reads, and nothing else', () => {
    const trimmed = trimSales(sales, history);
    expect(trimmed).toHaveLength(sales.length);
    expect(trimmed[0]).toEqual({
      ...sales[0],
      extras: { garage_cars: inventSales({ sales: 1 })[0]!.extras['garage_cars'] },
    });
  });

  it.each([
    ['cut off', () => writeArtifact(document()).subarray(0, 900)],
    ['empty', () => Buffer.alloc(0)],
    ['no gzip', () => Buffer.from('a model')],
    ['changed in the middle', () => changed(writeArtifact(document()))],
    ['no JSON', () => gzipSync('tree')],
    ['of another format', () => gzipSync(JSON.stringify({ ...document(), format: 1 }))],
  ])('is refused when it is %s: what to do is said', (_, bytes) => {
    expect(() => readArtifact(bytes())).toThrow(/stored valuation model cannot be read.*Train it again.*rollback/s);
    expect(() => readArtifact(bytes())).toThrow(expect.objectContaining({ code: 'validation' }));
  });
});

function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[500] = copy[500]! ^ 0xff;
  return copy;
}
