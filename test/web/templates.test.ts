import { describe, expect, it } from 'vitest';
import { MESSAGE_PARTS } from '../../src/activities/outreach/template-compile.ts';
import { VALUE_FIELDS } from '../../src/activities/outreach/template-view.ts';
import { keepParts, keptParts } from '../../src/web/screens/settings/templates/template-draft.ts';
import {
  nameProblem,
  partsOfKind,
  placeOf,
  rangeOfLine,
  TEMPLATE_FIELDS,
} from '../../src/web/screens/settings/templates/template-parts.ts';

describe('the editor of templates', () => {
  it('knows the parts and the fields that the server knows', () => {
    for (const [kind, parts] of Object.entries(MESSAGE_PARTS)) {
      const known = partsOfKind(kind as 'email', {}).map(({ part }) => part);
      expect(known.sort()).toEqual(Object.keys(parts).sort());
    }
    expect(TEMPLATE_FIELDS.map(({ field }) => field).sort()).toEqual([...VALUE_FIELDS].sort());
    expect(partsOfKind('memo', { mjml: 'x', odd: 'y' }).map(({ part }) => part)).toEqual(['mjml', 'odd']);
  });

  it('finds part, line and field of an error', () => {
    const parts = { mjml: '<mjml>\n<mj-body>\n{{ senderNam }}\n', txt: '' };
    const invalid = placeOf(
      "The email template 'a' (version 1), part mjml: it is not valid MJML: ValidationError: \n Line 1 of /srv/app (mj-txt) — Element mj-txt doesn't exist.",
      parts,
    );
    expect(invalid).toEqual({
      part: 'mjml',
      line: 1,
      field: null,
      text: "It is not valid MJML: Line 1 (mj-txt) — Element mj-txt doesn't exist.",
    });
    const strange = placeOf("The email template 'a', part mjml: {{senderNam}} is no field. Fields are x, y.", parts);
    expect(strange).toMatchObject({
      part: 'mjml',
      line: 3,
      field: 'senderNam',
      text: '{{senderNam}} is no field. Fields are x, y.',
    });
    expect(placeOf('There is no connection.', parts)).toMatchObject({ part: null, line: null, field: null });
    expect(placeOf('x, part zip: y', parts).part).toBeNull();
    expect('ab\ncde\nf'.slice(...rangeOfLine('ab\ncde\nf', 2))).toBe('cde');
    expect(rangeOfLine('a', 9)).toEqual([2, 2]);
  });

  it('keeps what is not saved, and forgets what is', () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    keepParts(store, 'k', { txt: 'new' }, { txt: 'old' });
    expect(keptParts(store, 'k')).toEqual({ txt: 'new' });
    keepParts(store, 'k', { txt: 'old' }, { txt: 'old' });
    expect(keptParts(store, 'k')).toBeNull();
    for (const text of ['{', '[]', '{"txt":1}', 'null']) {
      kept.set('k', text);
      expect(keptParts(store, 'k')).toBeNull();
    }
    expect([nameProblem('spring-letter'), nameProblem('Spring')]).toEqual([null, expect.any(String)]);
  });
});
