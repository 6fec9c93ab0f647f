import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Block,
  isFigure,
  isFigureColumn,
  parseInline,
  parseMarkdown,
  plainText as textOf,
} from '../../src/web/screens/market/markdown.ts';

describe('Markdown of briefings', () => {
  it('knows figures, so that they stand under each other', () => {
    const cell = (text: string) => [{ kind: 'text' as const, text }];
    for (const text of ['0.1%', '$1,284', '−9.13', '34.7 days', '12', '+$2.5M', ''])
      expect(isFigure(cell(text)), text).toBe(true);
    for (const text of ['Austin, TX', '2026-11-09', 'none', '3 of 4']) expect(isFigure(cell(text)), text).toBe(false);
    expect(isFigureColumn([[cell('a'), cell('1')], [cell('b')]], 1)).toBe(true);
    expect(isFigureColumn([[cell('a'), cell('x')]], 1)).toBe(false);
    expect(isFigureColumn([], 0)).toBe(false);
  });

  it('has headings, paragraphs, lists and tables', () => {
    const blocks = parseMarkdown(
      '# Briefing\n\nSaturday,\nall day\n\n## Figures\n\n| Figure | Today |\n| --- | --- |\n| Bias | 0.1% |\n| a \\| b | 2 |\n\n- one\n- two\n\n1. first\n2. second\n',
    );
    expect(blocks.map(({ kind }) => kind)).toEqual(['heading', 'paragraph', 'heading', 'table', 'list', 'list']);
    expect(blocks[1]).toEqual({ kind: 'paragraph', parts: [{ kind: 'text', text: 'Saturday, all day' }] });
    const table = blocks[3] as Extract<Block, { kind: 'table' }>;
    expect(table.header.map(textOf)).toEqual(['Figure', 'Today']);
    expect(table.rows.map((row) => row.map(textOf))).toEqual([
      ['Bias', '0.1%'],
      ['a | b', '2'],
    ]);
    expect(blocks[4]).toMatchObject({ isOrdered: false, items: [[{ text: 'one' }], [{ text: 'two' }]] });
    expect(blocks[5]).toMatchObject({ isOrdered: true });
  });

  it('has strong, emphasised and code parts; an empty cell stays a cell', () => {
    expect(parseInline('**Homes \\*held\\*** in `code` and *all*')).toEqual([
      { kind: 'strong', parts: [{ kind: 'text', text: 'Homes *held*' }] },
      { kind: 'text', text: ' in ' },
      { kind: 'code', text: 'code' },
      { kind: 'text', text: ' and ' },
      { kind: 'emphasis', parts: [{ kind: 'text', text: 'all' }] },
    ]);
    const [table] = parseMarkdown('| a | b |\n| --- | --- |\n| x |  |') as [Extract<Block, { kind: 'table' }>];
    expect(table.rows[0]?.map(textOf)).toEqual(['x', '']);
  });

  it('keeps links, HTML and marks that do not close as text', () => {
    const text = '[click](javascript:alert) <img src=x onerror=alert(1)> 2 * 3 ** 4 `open';
    expect(parseInline(text)).toEqual([{ kind: 'text', text }]);
  });

  it('never fails, and what a briefing escapes is read back as it was', () => {
    const escaped = (text: string) => text.replace(/[\\`*[\]<>|#]/g, (sign) => `\\${sign}`);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(textOf(parseInline(escaped(text)))).toBe(text);
        expect(parseMarkdown(text)).toBeInstanceOf(Array);
      }),
    );
  });
});
