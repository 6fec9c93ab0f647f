import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ContactFile, readContactFile } from '../../activities/outreach/contact-file.ts';
import { importContacts, type ReadContacts, readContacts } from '../../activities/outreach/contact-import.ts';
import type { RowProblem } from '../../activities/outreach/contact-row.ts';
import { loadPlaces } from '../../config/contact-places.ts';
import { openCounties } from '../../config/county-index.ts';
import { ReosError } from '../../domain/errors.ts';
import { CONTACT_FIELDS, type ContactField } from '../../domain/outreach/contact-columns.ts';
import { stateCode } from '../../domain/outreach/contact-place.ts';
import { chooseOrMakeTenant, useSystem } from '../context.ts';
import type { Verb } from '../main.ts';
import { table } from '../output.ts';
import { installationKeys, kindOf, operatorName } from './contact-context.ts';

/** `reos contact import FILE`: contacts from a CSV or JSON file with any headings. */
export const contactImport: Verb = {
  localOnly:
    'It reads a file of this machine by the places and counties of the installation. Over HTTP contacts are added one by one: reos contact add.',
  describe: (command) =>
    command
      .description('Read contacts from a CSV or JSON file; rows with a problem are refused, the rest is kept')
      .argument('<file>', 'the file')
      .requiredOption('--kind <kind>', 'investor, partner or owner')
      .option('--dry-run', 'show what each column is taken for, the problems and the counts; store nothing')
      .option('--map <heading=field>', 'say what a column is: "Work=email", "Notes=ignore" (repeatable)', collect)
      .option('--time-zone <zone>', 'time zone of rows that have none, such as America/Chicago')
      .option('--state <state>', 'state of rows that have none, such as TX')
      .option('--county <slug>', 'county of the properties that owners have, where the file has no such column')
      .option('--rejects <file>', 'where refused rows go (default: FILE.rejects.csv, only when there are some)')
      .addHelpText(
        'after',
        '\nExample:\n  $ reos contact import investors.csv --kind investor --dry-run\n  $ reos contact import owners.csv --kind owner --county king-wa',
      ),
  async run(context, [path], options) {
    const { configDir } = context.settings;
    const places = loadPlaces(configDir);
    const counties = await openCounties(configDir);
    const kind = kindOf(options.kind);
    const file = await readContactFile(resolve(path!));
    const read = readContacts(
      file,
      {
        kind,
        places,
        counties: counties.all,
        timeZone: (options.timeZone as string | undefined) ?? null,
        state: stateOption(options.state, (text) => stateCode(places, text)),
        county: options.county === undefined ? null : counties.find(String(options.county)),
        now: new Date(),
      },
      choices(file, (options.map as string[] | undefined) ?? []),
    );
    if (options.dryRun === true) {
      const object = { ...answerOf(file, read, read.problems), stored: false };
      context.output.answer(
        object,
        [mappingText(read), ...problemText(read.problems), countText(read, file), 'Nothing was stored.'].join('\n'),
      );
      return read.problems.length > 0 && read.candidates.length === 0 ? 2 : 0;
    }
    return useSystem(context, { services: false }, async (system) => {
      const tenant = await chooseOrMakeTenant(context, system.db);
      const to = { tenantId: tenant.id, kind, file: file.file, importedBy: operatorName() };
      const done = await importContacts({ db: system.db, keys: installationKeys(context) }, to, read.candidates);
      const problems = [...read.problems, ...done.problems].sort((a, b) => a.line - b.line);
      const rejects = resolve((options.rejects as string | undefined) ?? `${path}.rejects.csv`);
      if (problems.length > 0) await writeFile(rejects, rejectsCsv(file, problems), { mode: 0o600 });
      const { problems: _, propertiesLinked, buyBoxes, ...counts } = done;
      const object = {
        ...answerOf(file, read, problems),
        tenant: tenant.slug,
        stored: true,
        ...counts,
        properties_linked: propertiesLinked,
        buy_boxes: buyBoxes,
        rejects_file: problems.length > 0 ? rejects : null,
      };
      const text = [
        mappingText(read),
        ...problemText(problems),
        `${counts.created} new, ${counts.updated} completed, ${counts.unchanged} unchanged, ${counts.archived} archived before, ${refusedRows(problems)} refused.`,
        `${propertiesLinked} links to properties, ${buyBoxes} buy boxes, ${counts.consents} consents recorded.`,
        ...(problems.length > 0 ? [`Refused rows, to correct and import again: ${rejects}`] : []),
      ];
      context.output.answer(object, text.join('\n'));
      return counts.created + counts.updated + counts.unchanged + counts.archived === 0 ? 2 : 0;
    });
  },
};

const collect = (text: string, before: string[] = []) => [...before, text];

function stateOption(value: unknown, read: (text: string) => string | null): string | null {
  if (value === undefined) return null;
  const state = read(String(value));
  if (state === null) throw new ReosError('validation', `--state: '${String(value)}' is no state such as TX.`);
  return state;
}

/** What `--map` says, by the file's own heading. */
function choices(file: ContactFile, texts: readonly string[]): Map<string, ContactField | null> {
  const fields = Object.keys(CONTACT_FIELDS) as ContactField[];
  return new Map(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      const [heading, wanted] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
      const column = file.columns.find((name) => name.toLowerCase() === heading.toLowerCase());
      if (at < 1 || column === undefined) {
        throw new ReosError(
          'validation',
          `--map "${text}": there is no column "${heading}". Columns seen: ${file.columns.join(', ').slice(0, 600)}.`,
        );
      }
      if (wanted.toLowerCase() === 'ignore') return [column, null] as const;
      const field = fields.find((name) => name.toLowerCase() === wanted.toLowerCase());
      if (field !== undefined) return [column, field] as const;
      throw new ReosError(
        'validation',
        `--map "${text}": there is no field "${wanted}". Fields: ${fields.join(', ')}, ignore.`,
      );
    }),
  );
}

const refusedRows = (problems: readonly RowProblem[]) => new Set(problems.map(({ line }) => line)).size;

function answerOf(file: ContactFile, read: ReadContacts, problems: readonly RowProblem[]) {
  return {
    file: file.file,
    rows: file.rows.length,
    mapping: read.columns,
    valid: file.rows.length - refusedRows(problems),
    refused: refusedRows(problems),
    consents_found: read.candidates.filter(({ consent }) => consent !== null).length,
    consents_incomplete: read.candidates.filter(({ hasLooseConsent }) => hasLooseConsent).length,
    problems: problems.map((problem) => ({ ...problem })),
  };
}

function mappingText({ columns }: ReadContacts): string {
  const why = {
    name: 'heading',
    values: 'values',
    said: '--map',
    unused: 'not used',
    taken: 'not used: taken by another column',
  };
  return table(
    columns.map(({ column, field, reason }) => ({ column, field: field ?? '', why: why[reason] })),
    ['column', 'field', 'why'],
  );
}

/** Fields that an option gives for the whole file. */
const WHOLE_FILE: Readonly<Record<string, string>> = { 'time zone': '--time-zone', county: '--county' };

function problemText(problems: readonly RowProblem[]): string[] {
  const shown = problems.slice(0, 20).map(({ line, field, message }) => `line ${line}: ${field} ${message}`);
  const more = problems.length > 20 ? [`… and ${problems.length - 20} more problems`] : [];
  const hints = Object.entries(WHOLE_FILE).filter(([field]) => problems.some((problem) => problem.field === field));
  return [
    ...shown,
    ...more,
    ...hints.map(([field, option]) => `${option} says the ${field} of every row that has none.`),
  ];
}

function countText(read: ReadContacts, file: ContactFile): string {
  const loose = read.candidates.filter(({ hasLooseConsent }) => hasLooseConsent).length;
  const note =
    loose > 0 ? ` ${loose} say yes to texts without a date, a source or a phone: no consent is recorded.` : '';
  return `${file.rows.length} rows: ${read.candidates.length} can be stored, ${refusedRows(read.problems)} refused.${note}`;
}

/** The refused rows as they stood in the file, with their line and what is wrong. */
function rejectsCsv(file: ContactFile, problems: readonly RowProblem[]): string {
  const byLine = new Map<number, string[]>();
  for (const { line, field, message } of problems)
    byLine.set(line, [...(byLine.get(line) ?? []), `${field} ${message}`]);
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = file.rows.flatMap(({ line, cells }) => {
    const why = byLine.get(line);
    return why === undefined
      ? []
      : [[...file.columns.map((column) => cells.get(column) ?? ''), String(line), why.join('; ')]];
  });
  return [[...file.columns, 'line', 'problem'], ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
