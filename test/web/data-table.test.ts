import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ariaSort,
  gridTemplate,
  nextSort,
  readSort,
  rowAfterKey,
  toggled,
  withRange,
} from '../../src/web/ui/data-table.ts';

describe('the sort of a table', () => {
  it('turns round when the same column is pressed again, and begins as the column says', () => {
    expect(nextSort(undefined, 'price')).toBe('price');
    expect(nextSort('price', 'price')).toBe('-price');
    expect(nextSort('-price', 'price')).toBe('price');
    expect(nextSort('price', 'score', 'falling')).toBe('-score');
    expect(readSort('')).toBeNull();
    expect(ariaSort('-price', 'price')).toBe('descending');
    expect(ariaSort('price', 'price')).toBe('ascending');
    expect(ariaSort('price', 'score')).toBe('none');
  });
});

describe('keys of a table', () => {
  it('never lead out of it', () => {
    const keys = fc.constantFrom('ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End');
    fc.assert(
      fc.property(
        keys,
        fc.integer({ min: -1, max: 500 }),
        fc.integer({ min: 1, max: 500 }),
        fc.nat(60),
        (...[key, index, count, page]) => {
          const next = rowAfterKey(key, index, count, page)!;
          expect(next).toBeGreaterThanOrEqual(0);
          expect(next).toBeLessThan(count);
        },
      ),
    );
  });

  it('do nothing where there are no rows, and leave other keys alone', () => {
    expect(rowAfterKey('ArrowDown', -1, 0, 10)).toBeNull();
    expect(rowAfterKey('a', 0, 5, 10)).toBeNull();
    expect(rowAfterKey('ArrowDown', -1, 5, 10)).toBe(0);
    expect(rowAfterKey('PageDown', 0, 50, 11)).toBe(10);
  });
});

describe('what is selected', () => {
  it('is as before after two presses', () => {
    const before = new Set(['a', 'b']);
    expect(toggled(toggled(before, 'c'), 'c')).toEqual(before);
    expect(toggled(before, 'a')).toEqual(new Set(['b']));
    expect(before.size).toBe(2);
  });

  it('reaches from one row to another in either direction', () => {
    expect(withRange(new Set(['z']), ['a', 'b', 'c', 'd'], 2, 1)).toEqual(new Set(['z', 'b', 'c']));
  });
});

describe('the widths of columns', () => {
  it('keep their least and share what is left', () => {
    expect(gridTemplate([{ width: 90 }, { width: 200, grow: 2 }, {}])).toBe('90px minmax(200px, 2fr) 120px');
  });
});
