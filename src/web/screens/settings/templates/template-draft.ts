type Parts = Readonly<Record<string, string>>;

/** Changed texts of a template that were left unsaved; null when there are none. */
export function keptParts(store: { getItem(key: string): string | null }, key: string): Parts | null {
  const text = store.getItem(key);
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    const isParts =
      typeof kept === 'object' && kept !== null && Object.values(kept).every((one) => typeof one === 'string');
    return isParts && !Array.isArray(kept) ? (kept as Parts) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Keeps changed texts on this device; what equals the stored template is forgotten. */
export function keepParts(
  store: { setItem(key: string, value: string): void; removeItem(key: string): void },
  key: string,
  parts: Parts,
  stored: Parts,
): void {
  const text = JSON.stringify(parts);
  try {
    if (text === JSON.stringify(stored)) store.removeItem(key);
    else store.setItem(key, text);
  } catch (error) {
    // Without room for it, it is in the form alone.
    if (!(error instanceof DOMException)) throw error;
  }
}
