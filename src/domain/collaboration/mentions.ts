const MENTION = /@\[[^\]\n]{1,200}\]\(user:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\)/gi;

/** How a person is named in a text: `@[Name](user:<id>)`. Brackets and line ends of the name are left out. */
export function mentionOf(name: string, userId: string): string {
  return `@[${name.replace(/[[\]\n]/g, '').slice(0, 200) || 'user'}](user:${userId})`;
}

/** The ids of the users whom a text names, in lower case, each once, in the order of their first mention. */
export function mentionedUsers(text: string): string[] {
  return [...new Set([...text.matchAll(MENTION)].map((match) => match[1]!.toLowerCase()))];
}
