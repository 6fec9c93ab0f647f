import type { Typed } from './deal-inputs.ts';

const KEY = 'reos.deal.';

/** What was typed about the deal of a property in this tab, by path; nothing where nothing was. */
export function readTyped(name: string): Typed {
  const kept = sessionStorage.getItem(KEY + name);
  if (kept === null) return {};
  try {
    const read: unknown = JSON.parse(kept);
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(Object.entries(read).filter(([, text]) => typeof text === 'string')) as Typed;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Keeps what was typed, over a step to another property and back, and over a reload; nothing typed is forgotten. */
export function keepTyped(name: string, typed: Typed): void {
  const some = Object.fromEntries(Object.entries(typed).filter(([, text]) => text.trim() !== ''));
  if (Object.keys(some).length === 0) sessionStorage.removeItem(KEY + name);
  else sessionStorage.setItem(KEY + name, JSON.stringify(some));
}
