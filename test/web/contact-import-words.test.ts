import { describe, expect, it } from 'vitest';
import { CONTACT_FIELDS } from '../../src/domain/outreach/contact-columns.ts';
import {
  CONTACT_FIELD_GROUPS,
  contactFieldLabel,
  contactNeeds,
  contactSureness,
  withColumn,
} from '../../src/web/screens/contacts/import-columns.ts';
import { type ContactImport, problemLines, resultText } from '../../src/web/screens/contacts/import-words.ts';

const NOTHING: ContactImport = {
  file: 'a.csv',
  rows: 0,
  mapping: [],
  problem: null,
  valid: 0,
  refused: 0,
  consents_found: 0,
  consents_incomplete: 0,
  problems: [],
  stored: true,
  created: 0,
  updated: 0,
  unchanged: 0,
  archived: 0,
  properties_linked: 0,
  buy_boxes: 0,
  consents: 0,
};

describe('the words of an import of contacts', () => {
  it('name what there is and nothing else', () => {
    expect(resultText(NOTHING)).toBe('Nothing was stored.');
    expect(resultText({ ...NOTHING, created: 2, unchanged: 1, refused: 3 })).toBe('2 new, 1 known already, 3 refused.');
  });

  it('show the first problems with their lines, and how many more there are', () => {
    const problems = Array.from({ length: 12 }, (_, n) => ({ line: n + 2, field: 'email', message: 'is no address' }));
    const lines = problemLines({ problems });
    expect(lines).toHaveLength(11);
    expect([lines[0], lines[10]]).toEqual(['Line 2: email is no address', '… and 2 more']);
    expect(problemLines({ problems: problems.slice(0, 1) })).toEqual(['Line 2: email is no address']);
  });
});

describe('the columns of a file of contacts', () => {
  const column = (name: string, field: string | null, reason: 'name' | 'unused' | 'said' = 'name') => ({
    column: name,
    field,
    reason,
    examples: [],
  });

  it('can be each field there is, once, by a name that a person reads', () => {
    const offered = CONTACT_FIELD_GROUPS.flatMap(({ fields }) => fields);
    expect([...offered].sort()).toEqual(Object.keys(CONTACT_FIELDS).sort());
    const labels = offered.map(contactFieldLabel);
    expect(new Set(labels).size).toBe(offered.length);
    expect(labels.filter((label, index) => label === offered[index])).toEqual([]);
  });

  it('say what is missing: a name, a way to reach the contact, a place', () => {
    const missing = (needs: ReturnType<typeof contactNeeds>) => needs.map(({ columns }) => columns.length === 0);
    expect(missing(contactNeeds([column('Kol 1', null, 'unused')], ''))).toEqual([true, true, true]);
    const mapping = [column('Wer', 'company', 'said'), column('Mail', 'email')];
    expect(missing(contactNeeds(mapping, ''))).toEqual([false, false, true]);
    expect(contactNeeds(mapping, ' America/Chicago ')[2]?.columns).toEqual(['America/Chicago for all']);
  });

  it('hold a field once: another that was said to hold it is left out', () => {
    expect(withColumn({ A: 'email', B: 'name' }, 'C', 'email')).toEqual({ A: 'ignore', B: 'name', C: 'email' });
    expect(withColumn({ A: 'ignore' }, 'B', 'ignore')).toEqual({ A: 'ignore', B: 'ignore' });
  });

  it('tell a choice from a guess', () => {
    expect(contactSureness(column('A', null, 'said')).text).toBe('Left out');
    expect(contactSureness(column('A', 'email', 'said')).text).toBe('Your choice');
    expect(contactSureness(column('A', null, 'unused')).text).toBe('Not used');
  });
});
