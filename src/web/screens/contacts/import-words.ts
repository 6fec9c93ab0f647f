import type { components } from '../../../sdk/client.ts';

/** What became of a file of contacts, or would. */
export type ContactImport = components['schemas']['ContactImport'];

/** What an import came to, in a sentence. */
export function resultText(done: ContactImport): string {
  const parts = [
    [done.created, 'new'],
    [done.updated, 'completed'],
    [done.unchanged, 'known already'],
    [done.archived, 'archived before'],
    [done.refused, 'refused'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return said.length === 0 ? 'Nothing was stored.' : `${said.join(', ')}.`;
}

/** The problems that are shown: the first ones, as lines. */
export function problemLines({ problems }: Pick<ContactImport, 'problems'>, most = 10): string[] {
  const shown = problems.slice(0, most).map(({ line, field, message }) => `Line ${line}: ${field} ${message}`);
  return problems.length > most ? [...shown, `… and ${problems.length - most} more`] : shown;
}
