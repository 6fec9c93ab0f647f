/** The label of the first reason that speaks for the property, of a score's reasons; null without one. */
export function firstReason(reasons: unknown): string | null {
  if (!Array.isArray(reasons)) return null;
  for (const reason of reasons as unknown[]) {
    if (typeof reason === 'string' && reason !== '') return reason;
    if (typeof reason !== 'object' || reason === null) continue;
    const { label, contribution } = reason as { label?: unknown; contribution?: unknown };
    if (typeof label === 'string' && label !== '' && !(typeof contribution === 'number' && contribution < 0))
      return label;
  }
  return null;
}
