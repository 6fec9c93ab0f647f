import { describe, expect, it } from 'vitest';
import { createGate } from '../../../src/activities/memo/gate.ts';
import { countPages, normalisePdf } from '../../../src/activities/memo/pdf-bytes.ts';

const pdf = (date: string, id: string, content = 'x') =>
  Buffer.from(
    `%PDF-1.4\n<</CreationDate (D:${date}+02'00')\n/ModDate (D:${date}+02'00')>>\n<</Type /Pages\n/Count 3\n/Kids [1 0 R]>>\n${content}\xff\ntrailer\n<</ID [<${id}> <${id}>]>>`,
    'latin1',
  );

describe('normalisePdf', () => {
  it('makes files that differ in clock and id alike, byte for byte as long as before', () => {
    const first = pdf('20250312101112', 'ABCDEF01');
    const second = pdf('20311231235959', '01234567');
    expect(normalisePdf(first).equals(normalisePdf(second))).toBe(true);
    expect(normalisePdf(first)).toHaveLength(first.length);
  });

  it('leaves the rest as it is, also bytes that are no text', () => {
    expect(
      normalisePdf(pdf('20250312101112', 'AB', 'one')).equals(normalisePdf(pdf('20250312101112', 'AB', 'two'))),
    ).toBe(false);
    expect(normalisePdf(Buffer.from([0, 255, 128, 10]))).toEqual(Buffer.from([0, 255, 128, 10]));
  });

  it('counts pages', () => {
    expect(countPages(pdf('20250312101112', 'AB'))).toBe(3);
    expect(countPages(Buffer.from('no pdf'))).toBe(0);
  });
});

describe('createGate', () => {
  it('lets no more than its limit run, in order, also past a failure', async () => {
    const gate = createGate(2);
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const works = [0, 1, 2, 3, 4].map((index) =>
      gate(async () => {
        started.push(index);
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
        if (index === 1) throw new Error('one fails');
        return index;
      }),
    );
    const results = await Promise.allSettled(works);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
      'fulfilled',
    ]);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });
});
