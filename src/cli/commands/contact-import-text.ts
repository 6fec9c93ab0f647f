import { writeFile } from 'node:fs/promises';
import type { ContactFile } from '../../activities/outreach/contact-file.ts';
import type { ContactsAnswer } from '../../domain/outreach/contact-sayings.ts';
import { type Output, table } from '../output.ts';

/** What an import stored, in the names of answers. */
type StoredAnswer = ContactsAnswer & {
  created: number;
  updated: number;
  unchanged: number;
  archived: number;
  properties_linked: number;
  buy_boxes: number;
  consents: number;
};

/** Answers a dry run. @returns the exit code */
export function tellDryRun(output: Output, answer: ContactsAnswer): number {
  const { rows, valid, refused, problems, consents_incomplete: loose } = answer;
  const note =
    loose > 0 ? ` ${loose} say yes to texts without a date, a source or a phone: no consent is recorded.` : '';
  const counts = `${rows} rows: ${valid} can be stored, ${refused} refused.${note}`;
  const lines = [mappingText(answer), ...problemText(problems), counts, 'Nothing was stored.'];
  output.answer({ ...answer, stored: false }, lines.join('\n'));
  return refused > 0 && valid === 0 ? 2 : 0;
}

/** Answers an import, and writes the refused rows into a file. @returns the exit code */
export async function tellImport(
  output: Output,
  file: ContactFile,
  answer: StoredAnswer,
  rejects: string,
): Promise<number> {
  const { problems, created, updated, unchanged, archived } = answer;
  if (problems.length > 0) await writeFile(rejects, rejectsCsv(file, problems), { mode: 0o600 });
  const lines = [
    mappingText(answer),
    ...problemText(problems),
    `${created} new, ${updated} completed, ${unchanged} unchanged, ${archived} archived before, ${answer.refused} refused.`,
    `${answer.properties_linked} links to properties, ${answer.buy_boxes} buy boxes, ${answer.consents} consents recorded.`,
    ...(problems.length > 0 ? [`Refused rows, to correct and import again: ${rejects}`] : []),
  ];
  output.answer({ ...answer, rejects_file: problems.length > 0 ? rejects : null }, lines.join('\n'));
  return created + updated + unchanged + archived === 0 ? 2 : 0;
}

function mappingText({ mapping }: Pick<ContactsAnswer, 'mapping'>): string {
  const why = {
    name: 'heading',
    values: 'values',
    said: '--map',
    unused: 'not used',
    taken: 'not used: taken by another column',
  };
  return table(
    mapping.map(({ column, field, reason }) => ({ column, field: field ?? '', why: why[reason] })),
    ['column', 'field', 'why'],
  );
}

/** Fields that an option gives for the whole file. */
const WHOLE_FILE: Readonly<Record<string, string>> = { 'time zone': '--time-zone', county: '--county' };

function problemText(problems: ContactsAnswer['problems']): string[] {
  const shown = problems.slice(0, 20).map(({ line, field, message }) => `line ${line}: ${field} ${message}`);
  const more = problems.length > 20 ? [`… and ${problems.length - 20} more problems`] : [];
  const hints = Object.entries(WHOLE_FILE).filter(([field]) => problems.some((problem) => problem.field === field));
  return [
    ...shown,
    ...more,
    ...hints.map(([field, option]) => `${option} says the ${field} of every row that has none.`),
  ];
}

/** The refused rows as they stood in the file, with their line and what is wrong. */
function rejectsCsv(file: ContactFile, problems: ContactsAnswer['problems']): string {
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
