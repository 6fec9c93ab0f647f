import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionedUsers, mentionOf } from '../../../src/domain/collaboration/mentions.ts';

const ID = '0b5e6a52-3c1f-4a57-9a51-6f0f6a3f2d10';

describe('mentions', () => {
  it.each([
    [`@[Ann](user:${ID})`, [ID]],
    [`see @[Ann](user:${ID.toUpperCase()}) and @[again](user:${ID})`, [ID]],
    [`[Ann](user:${ID})`, []],
    [`@[](user:${ID})`, []],
    ['@[Ann](user:12)', []],
    ['@Ann', []],
  ])('%s', (text, ids) => {
    expect(mentionedUsers(text)).toEqual(ids);
  });

  it('finds everybody who is named, whatever the name and the words around', () => {
    const word = fc.string().filter((text) => !/[@[\]()]/.test(text));
    fc.assert(
      fc.property(fc.array(fc.tuple(word, fc.string(), fc.uuid())), (parts) => {
        const text = parts.map(([before, name, id]) => `${before} ${mentionOf(name, id)}`).join(' ');
        expect(mentionedUsers(text)).toEqual([...new Set(parts.map(([, , id]) => id))]);
      }),
    );
  });
});
