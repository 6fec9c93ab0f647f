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
