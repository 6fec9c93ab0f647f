import { mentionOf } from '../../../domain/collaboration/mentions.ts';

/** Somebody who can be named. */
export interface Person {
  id: string;
  name: string;
}

/** A stretch of a comment: text, or somebody named in it. */
export type Stretch = { text: string } | { person: Person };

const TOKEN = /@\[([^\]\n]{1,200})\]\(user:([0-9a-f-]{36})\)/gi;

/** A stored comment in stretches. */
export function stretchesOf(body: string): Stretch[] {
  const stretches: Stretch[] = [];
  let end = 0;
  for (const match of body.matchAll(TOKEN)) {
    if (match.index > end) stretches.push({ text: body.slice(end, match.index) });
    stretches.push({ person: { name: match[1]!, id: match[2]!.toLowerCase() } });
    end = match.index + match[0].length;
  }
  if (end < body.length) stretches.push({ text: body.slice(end) });
  return stretches;
}

/** A stored comment as it is edited: `@Ada Byron` for each person named, and who they are. */
export function editable(body: string): { text: string; people: Person[] } {
  const stretches = stretchesOf(body);
  return {
    text: stretches.map((one) => ('text' in one ? one.text : `@${one.person.name}`)).join(''),
    people: stretches.flatMap((one) => ('person' in one ? [one.person] : [])),
  };
}

/** What was written as it is stored: each `@Name` of a chosen person becomes their mention. Longer names go first. */
export function storable(text: string, people: readonly Person[]): string {
  const byName = new Map(people.map((person) => [person.name, person]));
  const names = [...byName.keys()]
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  if (names.length === 0) return text;
  return text.replace(new RegExp(`@(${names.join('|')})(?![\\p{L}\\p{N}])`, 'gu'), (whole, name: string) => {
    const person = byName.get(name);
    return person === undefined ? whole : mentionOf(person.name, person.id);
  });
}

/** The name being typed at the caret after an `@`, and where the `@` is; null when none is. */
export function typedMention(text: string, caret: number): { start: number; query: string } | null {
  const before = text.slice(0, caret);
  const match = /(?:^|[\s(])@([\p{L}\p{N}.'’-]*(?: [\p{L}\p{N}.'’-]*)?)$/u.exec(before);
  if (match === null) return null;
  return { start: caret - match[1]!.length - 1, query: match[1]! };
}

/** The text with the name put in the place of what was typed, and where the caret goes. */
export function withMention(
  text: string,
  caret: number,
  start: number,
  person: Person,
): { text: string; caret: number } {
  const put = `@${person.name} `;
  return { text: text.slice(0, start) + put + text.slice(caret).replace(/^ /, ''), caret: start + put.length };
}
