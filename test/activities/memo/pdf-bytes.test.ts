import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGate } from '../../../src/activities/memo/gate.ts';
import { countPages, isWholePdf, normalisePdf } from '../../../src/activities/memo/pdf-bytes.ts';

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

  it('numbers table headings alike, whatever the browser counted before, and no text that looks like one', () => {
    const name = (id: number) => `(node${String(id).padStart(8, '0')})`;
    const headings = ([a, b, c]: [number, number, number]) =>
      Buffer.from(
        `%PDF-1.4\n<</Title (node00000007) /Alt ${name(77)}>>\n<</S /TH\n/ID ${name(b)}>>\n<</S /TH\n/ID ${name(a)}>>\n` +
          `<</Headers [${name(a)} ${name(c)} ${name(b)}]>>\n<</Limits [${name(a)} ${name(c)}]\n/Names [${name(a)} 1 0 R ${name(b)} 2 0 R]>>`,
      );
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 99_999_999 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(ids, (found) => {
        const [a = 0, b = 0, c = 0] = found.sort((one, other) => one - other);
        expect(normalisePdf(headings([a, b, c])).toString()).toBe(headings([1, 2, 3]).toString());
      }),
    );
  });

  it('tells a whole file from one that was cut off', () => {
    const whole = Buffer.from('%PDF-1.4\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n');
    expect(isWholePdf(whole)).toBe(true);
    for (let length = 0; length < whole.length - 1; length += 1)
      expect(isWholePdf(whole.subarray(0, length))).toBe(false);
    expect(isWholePdf(whole.subarray(1))).toBe(false);
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
