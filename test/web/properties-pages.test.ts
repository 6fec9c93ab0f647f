import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPages } from '../../src/web/screens/properties/pages.ts';

interface Item {
  id: string;
}

/** A list of `count` items that answers pages of `size` from a cursor on. */
function listOf(count: number, size: number) {
  const all = Array.from({ length: count }, (_, index): Item => ({ id: String(index) }));
  const asked: string[] = [];
  const pageAt = (start: number) => ({
    items: all.slice(start, start + size),
    next: start + size < count ? String(start + size) : null,
  });
  const ask = async (cursor: string) => {
    asked.push(cursor);
    return pageAt(Number(cursor));
  };
  return { all, asked, ask, first: pageAt(0) };
}

describe('pages of a list', () => {
  it('bring every row once, in order, whatever their size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(120), fc.integer({ min: 1, max: 40 }), async (count, size) => {
        const list = listOf(count, size);
        const pages = createPages('key', list.ask);
        const below = await pages.loadAll(list.first.items, list.first.next, 1_000);
        expect(pages.after(list.first.items, below)).toEqual(list.all);
        expect(new Set(list.asked).size).toBe(list.asked.length);
        expect(pages.read().hasMore(list.first.next)).toBe(false);
      }),
    );
  });

  it('are asked for once, however often they are wanted meanwhile', async () => {
    const list = listOf(30, 10);
    const pages = createPages('key', list.ask);
    pages.load(list.first.items, list.first.next);
    pages.load(list.first.items, list.first.next);
    await pages.loadAll(list.first.items, list.first.next, 20);
    expect(list.asked).toEqual(['10']);
  });

  it('show a row once that moved from one page to another, and tell that the first page is another', () => {
    const pages = createPages<Item>('key', async () => ({ items: [], next: null }));
    const [a, b, c] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    expect(pages.after([b, a], [b, c])).toEqual([b, a, c]);
    expect(pages.hasMoved([a])).toBe(false);
    pages.load([a, b], 'x');
    expect(pages.hasMoved([a, b])).toBe(false);
    expect(pages.hasMoved([b, a])).toBe(true);
  });

  it('keep what they have when one fails, and can be asked again', async () => {
    let isAway = true;
    const pages = createPages<Item>('key', async () => {
      if (isAway) throw new Error('away');
      return { items: [{ id: 'b' }], next: null };
    });
    await expect(pages.loadAll([{ id: 'a' }], 'x', 10)).rejects.toThrow('away');
    expect(pages.read()).toMatchObject({ rows: [], isLoading: false });
    isAway = false;
    expect(await pages.loadAll([{ id: 'a' }], 'x', 10)).toEqual([{ id: 'b' }]);
  });

  it('forget what comes late, after they were cleared', async () => {
    let answer: (page: { items: Item[]; next: null }) => void = () => undefined;
    const pages = createPages<Item>('key', () => new Promise((resolve) => (answer = resolve)));
    pages.load([{ id: 'a' }], 'x');
    pages.clear();
    answer({ items: [{ id: 'old' }], next: null });
    await Promise.resolve();
    await Promise.resolve();
    expect(pages.read().rows).toEqual([]);
    expect(pages.read().hasMore('x')).toBe(true);
  });
});
