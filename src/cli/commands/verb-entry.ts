import type { Verb } from '../main.ts';

/** A verb that is loaded when it is asked for. */
export interface VerbEntry {
  /** Its line in the list of all verbs, as its own description or summary says; empty for one that is in a group. */
  summary: string;
  load(): Promise<Verb>;
}

/** The entry of the verb that a file exports under the name. */
export function verb<Name extends string>(
  load: () => Promise<Readonly<Record<Name, Verb>>>,
  name: Name,
  summary = '',
): VerbEntry {
  return { summary, load: async () => (await load())[name] };
}
