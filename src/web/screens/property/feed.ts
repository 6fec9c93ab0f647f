import { type EventLike, isOfComment } from './timeline-words.ts';

interface CommentLike {
  id: string;
  parent_id: string | null;
  body: string | null;
  created_at: string;
}

/** A line of the timeline: an event (`times` in a row alike), or a comment with what answers it, oldest first. */
export type Entry<E extends EventLike, C extends CommentLike> =
  | { kind: 'event'; id: string; at: string; event: E; times: number }
  | { kind: 'comment'; id: string; at: string; comment: C; answers: C[] };

/**
 * Events and comments in one line, the newest first. A deleted comment stays only while answers hang on it. The same
 * event told again (a letter opened three times) stands once, with how often.
 */
export function buildFeed<E extends EventLike, C extends CommentLike>(
  events: readonly E[],
  comments: readonly C[],
): Array<Entry<E, C>> {
  const ids = new Set(comments.map(({ id }) => id));
  const answers = new Map<string, C[]>();
  for (const one of [...comments].sort(byTime)) {
    const parent = one.parent_id;
    if (parent === null || !ids.has(parent) || one.body === null) continue;
    answers.set(rootOf(parent, comments), [...(answers.get(rootOf(parent, comments)) ?? []), one]);
  }
  const threads: Array<Entry<E, C>> = comments
    .filter(({ parent_id: parent }) => parent === null || !ids.has(parent))
    .map((comment) => ({
      kind: 'comment' as const,
      id: comment.id,
      at: comment.created_at,
      comment,
      answers: answers.get(comment.id) ?? [],
    }))
    .filter(({ comment, answers: below }) => comment.body !== null || below.length > 0);
  const lines: Array<Entry<E, C>> = [];
  for (const event of events) {
    if (isOfComment(event)) continue;
    lines.push({ kind: 'event', id: event.event_id, at: event.timestamp, event, times: 1 });
  }
  const feed = [...lines, ...threads].sort((a, b) => b.at.localeCompare(a.at));
  return feed.reduce<Array<Entry<E, C>>>((all, entry) => {
    const last = all.at(-1);
    if (entry.kind === 'event' && last?.kind === 'event' && isAlike(last.event, entry.event)) last.times += 1;
    else all.push({ ...entry });
    return all;
  }, []);
}

function rootOf(id: string, comments: readonly CommentLike[]): string {
  const byId = new Map(comments.map((one) => [one.id, one]));
  let at = id;
  for (let step = 0; step < comments.length; step += 1) {
    const parent = byId.get(at)?.parent_id;
    if (parent === null || parent === undefined || !byId.has(parent)) return at;
    at = parent;
  }
  return at;
}

function byTime(a: CommentLike, b: CommentLike): number {
  return a.created_at.localeCompare(b.created_at);
}

/** Only what a provider says of messages repeats without telling more. */
function isAlike(a: EventLike, b: EventLike): boolean {
  const kindOf = ({ payload }: EventLike) => (payload as { kind?: unknown } | undefined)?.kind;
  if (a.event_type !== b.event_type) return false;
  return a.event_type === 'outreach.sent' || (typeof kindOf(a) === 'string' && kindOf(a) === kindOf(b));
}
