import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportedWords, receiveCsv, sizeWords } from '../../src/web/screens/properties/export-file.ts';

/** The bytes in pieces of these lengths, over and over. */
function inPieces(text: string, lengths: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  let turn = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const length = lengths[turn % lengths.length] ?? 1;
      controller.enqueue(bytes.slice(at, at + length));
      at += length;
      turn += 1;
    },
  });
}

const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

describe('a file that is exported', () => {
  it('is received as it was sent, and its rows are counted, however it is cut into pieces', async () => {
    const cells = fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', 'é') }), { maxLength: 12 });
    const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(cells, cuts, fc.integer({ min: 1, max: 20 }), async (rows, lengths, partBytes) => {
        const text = ['id', ...rows]
          .map((row) => `x${cell(row)}`.replace('x"', '"x'))
          .join('\r\n')
          .concat('\r\n');
        const told: number[] = [];
        const done = await receiveCsv(inPieces(text, lengths), (now) => told.push(now.rows), partBytes);
        expect(await done.file.text()).toBe(text);
        expect(done.rows).toBe(rows.length);
        expect(done.bytes).toBe(new TextEncoder().encode(text).length);
        expect(told).toEqual([...told].sort((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('is none when it breaks off', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('id\r\n1\r\n'));
        controller.error(new TypeError('network error'));
      },
    });
    await expect(receiveCsv(broken)).rejects.toThrow('network error');
  });

  it('tells its size so far and what it will come to', () => {
    expect(sizeWords({ rows: 0, bytes: 500 }, 100)).toBe('500 bytes');
    expect(sizeWords({ rows: 10, bytes: 1_024 }, 100)).toBe('1 KB of about 10 KB');
    expect(sizeWords({ rows: 100, bytes: 10_240 }, 100)).toBe('10 KB');
  });

  it('tells where the list had counted otherwise, and what a spreadsheet leaves out', () => {
    const exact = { total: 3, isEstimate: false };
    expect(exportedWords({ rows: 3, bytes: 300 }, exact)).toBe('3 properties exported, 300 bytes.');
    expect(exportedWords({ rows: 2, bytes: 200 }, exact)).toMatch(/had counted 3: some came or went/);
    expect(exportedWords({ rows: 2, bytes: 200 }, { total: 3, isEstimate: true })).toMatch(/had estimated 3\.$/);
    expect(exportedWords({ rows: 2_000_000, bytes: 9 }, { total: 2_000_000, isEstimate: true })).toMatch(
      /first 1,048,575\.$/,
    );
  });
});
