import type { Counties } from '../../config/county-index.ts';
import { ReosError } from '../../domain/errors.ts';
import { CONTACT_FIELDS, type ContactField } from '../../domain/outreach/contact-columns.ts';
import { type Places, stateCode } from '../../domain/outreach/contact-place.ts';
import type { ContactsAnswer, FileSayings } from '../../domain/outreach/contact-sayings.ts';
import { type ContactFile, contactHeaders } from './contact-file.ts';
import { type ReadContacts, readContacts } from './contact-import.ts';

/** How the sayings are called where they were said: `--state`, `state`. */
export type SayingNames = Readonly<Record<'state' | 'columns', string>>;

/**
 * Understands a file of contacts by what was said about it, without storing anything; for a trial see `readContacts`.
 * @throws ReosError `validation` naming what was said wrongly, `not_found` for a county that there is none of
 */
export function readSaidContacts(
  deps: { places: Places; counties: Counties },
  file: ContactFile,
  said: FileSayings,
  names: SayingNames,
  now: Date,
  isTrial = false,
): ReadContacts {
  const { places, counties } = deps;
  const state = said.state === null ? null : stateCode(places, said.state);
  if (said.state !== null && state === null) {
    throw new ReosError('validation', `${names.state}: '${said.state}' is no state such as TX.`);
  }
  const county = said.county === null ? null : counties.find(said.county);
  const rules = { kind: said.kind, places, counties: counties.all, timeZone: said.timeZone, state, county, now };
  return readContacts(file, rules, choicesOf(file, said.columns, names.columns), isTrial);
}

/** What was said of columns, by the file's own heading. */
function choicesOf(file: ContactFile, said: FileSayings['columns'], name: string): Map<string, ContactField | null> {
  const fields = Object.keys(CONTACT_FIELDS) as ContactField[];
  return new Map(
    said.map(([heading, wanted]) => {
      const column = file.columns.find((one) => one.toLowerCase() === heading.toLowerCase());
      if (column === undefined) {
        throw new ReosError(
          'validation',
          `${name} "${heading}=${wanted}": there is no column "${heading}". Columns seen: ${file.columns.join(', ').slice(0, 600)}.`,
        );
      }
      if (wanted.toLowerCase() === 'ignore') return [column, null] as const;
      const field = fields.find((one) => one.toLowerCase() === wanted.toLowerCase());
      if (field !== undefined) return [column, field] as const;
      throw new ReosError(
        'validation',
        `${name} "${heading}=${wanted}": there is no field "${wanted}". Fields: ${fields.join(', ')}, ignore.`,
      );
    }),
  );
}

/** A file of contacts as it was understood, in the names of answers. */
export function answerOfContacts(
  file: ContactFile,
  read: ReadContacts,
  problems: ReadContacts['problems'],
): ContactsAnswer {
  const refused = read.problem === null ? new Set(problems.map(({ line }) => line)).size : file.rows.length;
  const examples = new Map(contactHeaders(file).map(({ column, examples: values }) => [column, values]));
  return {
    file: file.file,
    rows: file.rows.length,
    mapping: read.columns.map((one) => ({ ...one, examples: firstValues(examples.get(one.column) ?? []) })),
    problem: read.problem,
    valid: file.rows.length - refused,
    refused,
    consents_found: read.candidates.filter(({ consent }) => consent !== null).length,
    consents_incomplete: read.candidates.filter(({ hasLooseConsent }) => hasLooseConsent).length,
    problems: problems.map(({ line, field, message }) => ({ line, field, message })),
  };
}

/** Some different values of a column, cut short: enough to see what it holds. */
function firstValues(values: readonly string[]): string[] {
  return [...new Set(values)].slice(0, 3).map((value) => value.slice(0, 24));
}
