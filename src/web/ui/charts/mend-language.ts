/**
 * Some browsers state a language that is none (`en-US@posix`, where the system has no locale). The plot formats numbers
 * by it as soon as it is loaded, and would fail: it is told English then.
 */
export function mendLanguage(): void {
  try {
    new Intl.NumberFormat(navigator.language).format(1);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
  }
}
