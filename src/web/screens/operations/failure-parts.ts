/** The kinds of things that do not go through. */
export const FAILURE_PARTS = [
  { id: 'properties', text: 'Stopped properties' },
  { id: 'rows', text: 'Refused rows' },
  { id: 'imports', text: 'Files not read' },
  { id: 'review', text: 'Contradicting facts' },
] as const;
export type FailurePart = (typeof FAILURE_PARTS)[number]['id'];

/** The kind that the address names; stopped properties for anything else. */
export function readFailurePart(value: unknown): FailurePart {
  return FAILURE_PARTS.find(({ id }) => id === value)?.id ?? 'properties';
}

/** Where a refused row stands, in short: the path of a page's address, anything else as it is. */
export function shortReference(reference: string): string {
  if (!URL.canParse(reference)) return reference;
  const { protocol, pathname, search } = new URL(reference);
  return /^https?:$/.test(protocol) && pathname !== '/' ? `${pathname}${search}` : reference;
}
