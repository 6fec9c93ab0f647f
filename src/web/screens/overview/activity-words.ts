import { type EventWords, wordsOf } from '../property/timeline-words.ts';

/** An entry of `/api/v1/activity`. */
export interface ActivityEntry {
  id: string;
  type: string;
  what: string;
  at: string;
  actor: { kind: string; id: string | null; name: string };
  property: { id: string; label: string } | null;
  details?: unknown;
}

/** Alike entries that came one after another. `entries` newest first, at least one. */
export interface ActivityGroup {
  words: EventWords & { who: string | null };
  entries: ActivityEntry[];
}

/** What a property's timeline shows in other ways, and what is of no property. */
const OTHER: Readonly<Record<string, [string, EventWords['tone']]>> = {
  'comment.created': ['commented', 'neutral'],
  'comment.edited': ['changed a comment', 'neutral'],
  'comment.deleted': ['deleted a comment', 'neutral'],
  model_decision: ['Decision on a valuation model', 'neutral'],
};

/** What happened, with the person's name when a person did it. */
export function activityWords(entry: ActivityEntry): ActivityGroup['words'] {
  const { actor, details } = entry;
  const who = actor.kind === 'user' ? actor.name : null;
  const other = OTHER[entry.what];
  if (other !== undefined) return { title: other[0], detail: decisionOf(details), tone: other[1], who };
  const metadata = { source: actor.name, ...(actor.id === null ? {} : { user_id: actor.id }) };
  const event = { event_id: entry.id, event_type: entry.type, timestamp: entry.at, payload: details, metadata };
  return { ...wordsOf(event, (id) => (id === actor.id ? actor.name : 'a colleague')), who };
}

/** Joins neighbours that say the same, so that a burst of one kind does not push everything else out. */
export function groupActivity(entries: readonly ActivityEntry[]): ActivityGroup[] {
  const groups: ActivityGroup[] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const words = activityWords(entry);
    if (last !== undefined && isAlike(last, entry, words)) last.entries.push(entry);
    else groups.push({ words, entries: [entry] });
  }
  return groups;
}

function isAlike(group: ActivityGroup, entry: ActivityEntry, words: ActivityGroup['words']): boolean {
  const [first] = group.entries;
  // Scores and facts of sources have figures in their title, but are of one kind.
  const isOneKind = first?.type === entry.type && first.what === entry.what;
  return isOneKind && group.words.who === words.who && group.words.tone === words.tone;
}

/** A title for several alike entries: without the figures that differ. */
export function groupTitle({ words, entries }: ActivityGroup): string {
  const isSame = entries.every((entry) => activityWords(entry).title === words.title);
  if (isSame) return words.title;
  return KINDS[entries[0]?.type ?? ''] ?? words.title;
}

const KINDS: Readonly<Record<string, string>> = {
  'property.discovered': 'Found',
  'property.enriched': 'Facts brought together',
  'property.scored': 'Scored',
  'outreach.sent': 'Message sent',
};

function decisionOf(details: unknown): string | null {
  const decision = (details as { decision?: unknown } | null)?.decision;
  return typeof decision === 'string' ? decision : null;
}
