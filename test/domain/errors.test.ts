import { describe, expect, it } from 'vitest';
import { asSentence, codeOf, joinProblems } from '../../src/domain/errors.ts';

describe('words of errors', () => {
  it('ends a sentence once', () => {
    expect(asSentence('the field is unknown')).toBe('the field is unknown.');
    expect(asSentence('It is unknown. ')).toBe('It is unknown.');
    expect(asSentence('Is it?')).toBe('Is it?');
  });

  it('joins problems, whether or not they end in a full stop', () => {
    expect(joinProblems(['a: is wrong.', 'b: is 1.'])).toBe('a: is wrong; b: is 1.');
    expect(joinProblems(['a is wrong'])).toBe('a is wrong.');
  });

  it('knows the short name of a file’s fault, without its path', () => {
    expect(codeOf(Object.assign(new Error("EACCES: permission denied, open '/srv/x'"), { code: 'EACCES' }))).toBe(
      'EACCES',
    );
    expect(codeOf(new Error('x'))).toBe('no reason given');
    expect(codeOf('x')).toBe('no reason given');
  });
});
