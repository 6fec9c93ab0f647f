/** What only comments, messages, assignments and the like change; everything else stays as it was. */
const LIGHT = ['timeline', 'comments', 'messages', 'assignees', 'tags', 'detail', 'lead'] as const;

/** The answers about a property that an event of it may change, by name; null for all of them. */
export function concernedBy(type: string, payload: unknown): readonly string[] | null {
  if (type !== 'timeline.updated') return null;
  const { what, kind } = (typeof payload === 'object' && payload !== null ? payload : {}) as Record<string, unknown>;
  const name = typeof what === 'string' ? what : typeof kind === 'string' ? kind : '';
  switch (name.split('.')[0]) {
    case 'comment':
      return ['comments', 'timeline'];
    case 'assignment':
      return ['assignees', 'timeline'];
    case 'tag':
      return ['tags', 'timeline'];
    case 'email':
    case 'sms':
    case 'mail':
      return ['messages', 'timeline', 'detail'];
    default:
      return LIGHT;
  }
}
