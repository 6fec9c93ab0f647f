import type { Person } from './mention-text.ts';

/** A comment that is being written. */
export interface Draft {
  text: string;
  people: Person[];
}

const KEY = 'reos.draft.';

/** The draft kept under a name in this tab; null when there is none. */
export function readDraft(name: string): Draft | null {
  const kept = sessionStorage.getItem(KEY + name);
  if (kept === null) return null;
  try {
    const { text, people } = JSON.parse(kept) as Partial<Draft>;
    return typeof text === 'string' && Array.isArray(people) ? { text, people } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Keeps a draft; an empty one is forgotten. */
export function keepDraft(name: string, draft: Draft): void {
  if (draft.text === '') forgetDraft(name);
  else sessionStorage.setItem(KEY + name, JSON.stringify(draft));
}

/** Forgets a draft. */
export function forgetDraft(name: string): void {
  sessionStorage.removeItem(KEY + name);
}
