import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findUnplainText } from '../../src/domain/plain-text.ts';

describe('text that cannot be stored', () => {
  it('is found wherever it is, by its place', () => {
    expect(findUnplainText({ a: ['good', { b: 'bad\u0000' }] })).toMatchObject({ field: 'a.1.b' });
    expect(findUnplainText({ a: { 'na\u0000me': 1 } })).toMatchObject({ field: 'a' });
    expect(findUnplainText('\ud83d')).toMatchObject({ field: '' });
    expect(findUnplainText({ a: '🏠', b: 1, c: null, d: undefined, e: true })).toBeNull();
  });

  it('is found in any JSON exactly when Postgres would refuse it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        expect(findUnplainText(value) !== null).toBe(/\\u0000|\\ud[89a-f]/.test(text.replaceAll('\\\\', '')));
      }),
      { numRuns: 40 },
    );
  });
});
