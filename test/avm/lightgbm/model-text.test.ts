import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkModelText, withChecksum } from '../../../src/avm/lightgbm/model-text.ts';

const model = 'tree\nversion=v4\nleaf_value=0.25 -1.5\nend of trees\n\nparameters:\n';

describe('checkModelText', () => {
  it('takes what was saved and what another LightGBM wrote', () => {
    expect(() => checkModelText(withChecksum(model))).not.toThrow();
    expect(() => checkModelText(withChecksum(model.trimEnd()))).not.toThrow();
    expect(() => checkModelText(model)).not.toThrow();
  });

  it('refuses any other character anywhere before the checksum', () => {
    const saved = withChecksum(model);
    const place = fc.nat(saved.lastIndexOf('sha256:') - 2);
    fc.assert(
      fc.property(place, fc.constantFrom(...'0123456789-. x'), (at, character) => {
        fc.pre(saved[at] !== character);
        expect(() => checkModelText(saved.slice(0, at) + character + saved.slice(at + 1))).toThrow(/changed|no Light/);
      }),
    );
  });

  it('refuses what is cut off or no model', () => {
    for (const text of ['', 'tree\n', model.slice(0, 40), `x${model}`]) {
      expect(() => checkModelText(text)).toThrow(/no LightGBM model, or is cut off/);
    }
  });
});
