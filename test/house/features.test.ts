import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FEATURES_DOCUMENT, featuresText } from '../../scripts/features-document.ts';
import { FEATURES } from '../../src/domain/scoring/registry.ts';
import { VALUATION_FEATURES } from '../../src/domain/valuation/features/registry.ts';

/** Cells of the table's rows below a heading. */
function rowsUnder(heading: RegExp, text: string): string[][] {
  const section = text.split(/^## /m).find((part) => heading.test(part)) ?? '';
  return [...section.matchAll(/^\| `(.+) \|$/gm)].map(([, row = '']) => `\`${row}`.split(/ \| /));
}

describe('the data dictionary of features', () => {
  const text = featuresText();

  it('docs/features.md is what the registries say: run `npm run docs:features` after a change', () => {
    expect(readFileSync(FEATURES_DOCUMENT, 'utf8')).toBe(text);
  });

  it('names 35 features or more, each once', () => {
    const names = VALUATION_FEATURES.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(35);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURES.length);
  });

  it('has a full row for every feature, in the order of the registries', () => {
    const valuation = rowsUnder(/features of a valuation/, text);
    const scoring = rowsUnder(/features of a score/, text);
    expect(valuation.map(([name]) => name)).toEqual(VALUATION_FEATURES.map(({ name }) => `\`${name}\``));
    expect(scoring.map(([name]) => name)).toEqual(FEATURES.map(({ name }) => `\`${name}\``));
    for (const row of [...valuation, ...scoring]) {
      expect(row).toHaveLength(7);
      expect(row.filter((cell) => cell.trim() === '')).toEqual([]);
    }
  });
});
