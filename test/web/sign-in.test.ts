import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PASSWORD_MIN as API_MIN } from '../../src/api/auth/password.ts';
import { ApiProblem } from '../../src/sdk/problem.ts';
import { fieldErrorsOf, isToldByFields } from '../../src/web/lib/field-errors.ts';
import { nextAddress, organisationsOf } from '../../src/web/screens/sign-in/organisations.ts';
import { PASSWORD_MIN, strengthOf } from '../../src/web/screens/sign-in/password-strength.ts';

const refusal = (more: Partial<ConstructorParameters<typeof ApiProblem>[0]>) =>
  new ApiProblem({ title: '', status: 400, detail: 'It is wrong.', code: 'validation', request_id: null, ...more });

describe('errors by field', () => {
  it('names the field as the form does, and makes sentences', () => {
    const error = refusal({
      errors: [
        { field: 'body.email', message: 'must be an e-mail address' },
        { field: 'body.email', message: 'second' },
        { field: 'body.password', message: 'must have 12 characters.' },
      ],
    });
    expect(fieldErrorsOf(error)).toEqual({ email: 'Must be an e-mail address.', password: 'Must have 12 characters.' });
    expect(isToldByFields(error, ['email', 'password'])).toBe(true);
    expect(isToldByFields(error, ['email'])).toBe(false);
  });

  it('takes the single field of a refusal, and nothing of other errors', () => {
    const error = refusal({ detail: 'The present password is wrong.', field: 'body.current_password' });
    expect(fieldErrorsOf(error)).toEqual({ current_password: 'The present password is wrong.' });
    expect(fieldErrorsOf(new TypeError('Failed to fetch'))).toEqual({});
    expect(isToldByFields(new TypeError('Failed to fetch'), ['email'])).toBe(false);
  });
});

describe('organisations of one address', () => {
  it('reads the short names out of the refusal', () => {
    const detail = 'This address belongs to several tenants. Name one as `tenant`: acme, blue-door-2f.';
    expect(organisationsOf(refusal({ detail, field: 'body.tenant' }))).toEqual(['acme', 'blue-door-2f']);
    expect(organisationsOf(refusal({ detail: 'Other words.', field: 'body.tenant' }))).toEqual([]);
    expect(organisationsOf(refusal({ status: 401 }))).toBeUndefined();
    expect(organisationsOf(new Error('x'))).toBeUndefined();
  });
});

describe('where to go after signing in', () => {
  it('stays on this dashboard', () => {
    expect(nextAddress('/properties?q=oak')).toBe('/properties?q=oak');
    for (const bad of [
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'https://evil.example',
      'javascript:1',
      '',
      7,
      undefined,
    ])
      expect(nextAddress(bad)).toBe('/');
    expect(nextAddress('/sign-in?next=/x')).toBe('/');
  });

  it('never leaves the origin, whatever the address says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(new URL(nextAddress(`/${text}`), 'https://here.example').origin).toBe('https://here.example');
      }),
    );
  });
});

describe('how good a password is', () => {
  it('asks for what the API asks for', () => {
    expect(PASSWORD_MIN).toBe(API_MIN);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        expect(strengthOf(text).isEnough).toBe([...text].length >= API_MIN);
      }),
    );
  });

  it('says what is missing, and why something is easy to guess', () => {
    expect(strengthOf('').text).toBe('');
    expect(strengthOf('elevenchars').text).toBe('1 more character');
    expect(strengthOf('aaaaaaaaaaaaaaa').text).toContain('few different');
    expect(strengthOf('Password2026!x').text).toContain('Password');
    expect(strengthOf('marigold-harbour', ['x.marigold@example.com']).text).toContain('marigold');
    expect(strengthOf('kettle orbit mango 7').level).toBe(4);
    expect(strengthOf('kettleorbit7z').level).toBe(3);
  });
});
