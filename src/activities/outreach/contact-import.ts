import type { Database } from '../../db/connect.ts';
import { setBuyBox } from '../../db/queries/buy-boxes.ts';
import { type Consent, recordConsents } from '../../db/queries/consents.ts';
import type { ContactKeys } from '../../db/queries/contacts.ts';
import { mergeContacts } from '../../db/queries/contacts-import.ts';
import { findProperties, linkContacts, type PropertyContact } from '../../db/queries/property-contacts.ts';
import { hashAddress } from '../../db/queries/suppressions.ts';
import { type TenantTrx, withTenant } from '../../db/tenant.ts';
import { ReosError } from '../../domain/errors.ts';
import type { ContactKind } from '../../domain/outreach/contact.ts';
import { type ContactColumn, type ContactField, mapContactColumns } from '../../domain/outreach/contact-columns.ts';
import { type ContactFile, contactHeaders, fieldOfValues } from './contact-file.ts';
import { type ContactCandidate, type RowProblem, type RowRules, readContactRow } from './contact-row.ts';

/** A file's rows as they would be stored, and those that cannot be. */
export interface ReadContacts {
  columns: ContactColumn[];
  candidates: ContactCandidate[];
  problems: RowProblem[];
  /** Why no row can be read, told by a trial; null when rows can. */
  problem: string | null;
}

/**
 * Understands a file of contacts without storing anything.
 * @param said what a person said about columns, by heading
 * @param isTrial a person looks at the columns next: that none holds an address of any kind is told as the `problem`
 * @throws ReosError `validation` when no column holds an address of any kind
 */
export function readContacts(
  file: ContactFile,
  rules: RowRules,
  said: ReadonlyMap<string, ContactField | null> = new Map(),
  isTrial = false,
): ReadContacts {
  const columns = mapContactColumns(contactHeaders(file), said, fieldOfValues);
  const byField = new Map(columns.flatMap(({ column, field }) => (field === null ? [] : [[field, column] as const])));
  if (!(['email', 'phone', 'line1'] as const).some((field) => byField.has(field))) {
    const problem = `${file.file}:1: no column is recognised as an e-mail address, a phone number or a postal address. Columns seen: ${file.columns.join(', ').slice(0, 600)}. Say what one is: --map "Heading=email", over HTTP columns={"Heading":"email"}.`;
    if (isTrial) return { columns, candidates: [], problems: [], problem };
    throw new ReosError('validation', problem, { details: { file: file.file, line: 1 } });
  }
  const read: ReadContacts = { columns, candidates: [], problems: [], problem: null };
  for (const { line, cells, problem } of file.rows) {
    if (problem !== null) {
      read.problems.push({ line, field: '(row)', message: problem });
      continue;
    }
    const get = (field: ContactField) => cells.get(byField.get(field) ?? '') ?? '';
    const answer = readContactRow(line, get, rules);
    if ('candidate' in answer) read.candidates.push(answer.candidate);
    else read.problems.push(...answer.problems);
  }
  return read;
}

/** What an import came to. */
export interface ContactImport {
  created: number;
  updated: number;
  unchanged: number;
  /** Known and put away by a person: left as they are. */
  archived: number;
  propertiesLinked: number;
  buyBoxes: number;
  consents: number;
  /** Rows that turned out to be refused while storing. */
  problems: RowProblem[];
}

/** Rows per transaction. */
const BATCH = 250;

/** Stores the rows, a batch at a time; an import that was interrupted is run again and changes only what is missing. */
export async function importContacts(
  deps: { db: Database; keys: ContactKeys },
  to: { tenantId: string; kind: ContactKind; file: string; importedBy: string },
  candidates: readonly ContactCandidate[],
): Promise<ContactImport> {
  const total: ContactImport = {
    created: 0,
    updated: 0,
    unchanged: 0,
    archived: 0,
    propertiesLinked: 0,
    buyBoxes: 0,
    consents: 0,
    problems: [],
  };
  for (let from = 0; from < candidates.length; from += BATCH) {
    const batch = candidates.slice(from, from + BATCH);
    const done = await withTenant(deps.db, to.tenantId, (trx) => importBatch(trx, deps.keys, to, batch));
    total.problems.push(...done.problems);
    for (const key of [
      'created',
      'updated',
      'unchanged',
      'archived',
      'propertiesLinked',
      'buyBoxes',
      'consents',
    ] as const)
      total[key] += done[key];
  }
  return total;
}

async function importBatch(
  trx: TenantTrx,
  keys: ContactKeys,
  { kind, file, importedBy }: { kind: ContactKind; file: string; importedBy: string },
  batch: readonly ContactCandidate[],
): Promise<ContactImport> {
  const problems: RowProblem[] = [];
  const properties = await findProperties(
    trx,
    batch.map(({ property }) => keyOf(property)),
  );
  const known = batch.flatMap((row, i) => {
    const propertyId = properties[i] ?? null;
    if (row.property === null || propertyId !== null) return [{ row, propertyId }];
    const what = row.property.by === 'id' ? row.property.propertyId : row.property.text;
    problems.push({ line: row.line, field: 'property', message: `there is no property ${what}; import it first` });
    return [];
  });
  const source = `import of ${file}`;
  const answers = await mergeContacts(
    trx,
    keys,
    kind,
    known.map(({ row }) => ({ details: row.details, place: row.place, tags: row.tags, source })),
  );
  const links: PropertyContact[] = [];
  const consents: Consent[] = [];
  const counts = { created: 0, updated: 0, unchanged: 0, archived: 0, erased: 0, buyBoxes: 0 };
  for (const [i, { row, propertyId }] of known.entries()) {
    const { id, outcome } = answers[i]!;
    counts[outcome] += 1;
    if (id === null) {
      problems.push({
        line: row.line,
        field: '(row)',
        message: 'this person asked to be erased and is not stored again',
      });
      continue;
    }
    if (propertyId !== null) links.push({ propertyId, contactId: id, role: row.role, source });
    if (row.box !== null && outcome !== 'archived') {
      const box = await setBuyBox(trx, id, 'import', row.box);
      if (box.outcome !== 'unchanged') counts.buyBoxes += 1;
    }
    if (row.consent !== null && row.details.phone !== null) {
      consents.push({
        channel: 'sms',
        addressHash: hashAddress(keys.hashKey, 'sms', row.details.phone),
        contactId: id,
        status: 'granted',
        method: row.consent.method,
        evidence: `${file}:${row.line}`,
        at: row.consent.at,
        expiresAt: null,
        recordedBy: importedBy,
      });
    }
  }
  const { erased: _, ...rest } = counts;
  return {
    ...rest,
    propertiesLinked: await linkContacts(trx, links),
    consents: await recordConsents(trx, consents),
    problems,
  };
}

function keyOf(property: ContactCandidate['property']) {
  if (property?.by === 'id') return { propertyId: property.propertyId, countyFips: null, identity: null };
  return { propertyId: null, countyFips: property?.countyFips ?? null, identity: property?.identity ?? null };
}
