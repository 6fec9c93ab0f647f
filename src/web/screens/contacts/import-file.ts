import { useMutation } from '@tanstack/react-query';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import type { ContactKind } from './contact-draft.ts';
import type { ContactImport } from './import-words.ts';

/** A file and what was said about it. */
export interface ImportOrder {
  file: File;
  kind: ContactKind;
  /** By heading: a field, or `ignore`. */
  columns: Readonly<Record<string, string>>;
  timeZone: string;
  county: string;
  dryRun: boolean;
}

/** Largest file that the server takes at once, in bytes. */
export const MAX_IMPORT_BYTES = 8 * 1024 * 1024;

/**
 * Has the server read a file of contacts.
 * @param onDone hears each answer, also after the screen was left
 */
export function useContactImport(onDone?: (done: ContactImport) => void) {
  return useMutation({ mutationFn: sendContacts, ...(onDone && { onSuccess: onDone }) });
}

function sendContacts({ file, kind, columns, timeZone, county, dryRun }: ImportOrder): Promise<ContactImport> {
  const query = {
    kind,
    file_name: file.name,
    dry_run: dryRun,
    ...(timeZone.trim() && { time_zone: timeZone.trim() }),
    ...(county.trim() && { county: county.trim() }),
    ...(Object.keys(columns).length > 0 && { columns: JSON.stringify(columns) }),
  };
  // The body is the file itself, which the types of the routes call text.
  const raw = {
    body: file,
    bodySerializer: (body: Blob) => body,
    headers: { 'Content-Type': 'application/octet-stream' },
  } as unknown as { body: string };
  return take(client.POST('/api/v1/contacts/import', { params: { query }, ...raw }));
}
