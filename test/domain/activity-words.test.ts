import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../src/domain/activity-words.ts';
import { EVENT_SUBJECTS } from '../../src/domain/events.ts';

/** Sources that write to the timeline, by what of the log they are. */
const SOURCES = ['src/api/routes', 'src/db/queries', 'src/activities', 'src/workflows']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  )
  .filter((text) => /eventType: 'timeline\.updated'/.test(text));

/** Every kind of event that the sources name: in a payload, in a call that tells of it, or as a word of its form. */
function kindsIn(text: string): string[] {
  const named = [
    ...text.matchAll(
      /(?:payload: \{|tell\([^;]*?\{)\s*(?:what|kind): (?:[\w.]+ \? )?'([a-z_.]+)'(?: : '([a-z_.]+)')?/g,
    ),
    ...text.matchAll(
      /'((?:assignment|comment|tag|sending|budget|suppression)\.[a-z_]+|model_[a-z_]+)'(?: : '(model_[a-z_]+)')?/g,
    ),
  ];
  return named.flatMap(([, one, other]) => [one, other]).filter((kind) => kind !== undefined);
}

describe('the words of the feed', () => {
  const kinds = [...new Set(SOURCES.flatMap(kindsIn))].filter((kind) => !/^model_(kind|version|id)/.test(kind));

  it('are there for every kind of event that is written', () => {
    expect(kinds).toEqual(
      expect.arrayContaining([
        ...['assignment.added', 'assignment.changed', 'comment.created', 'tag.removed', 'possible_duplicate'],
        ...['paused', 'resumed', 'failed', 'budget.changed', 'sending.paused', 'suppression.removed', 'model_promoted'],
      ]),
    );
    expect([...kinds, ...Object.keys(EVENT_SUBJECTS)].filter((kind) => sentenceOf(kind) === null)).toEqual([
      'timeline.updated',
    ]);
    for (const status of ['suppressed', 'closed']) expect(sentenceOf(status)).not.toBeNull();
  });

  it('are there for what providers say of messages', () => {
    expect(sentenceOf('email.open')).toBe('an e-mail was opened');
    expect(sentenceOf('mail.in_transit')).toBe('a letter was in transit');
    expect(sentenceOf('sms.settled')).toBe('a text message was settled by a person');
    expect(sentenceOf('something.else')).toBeNull();
  });
});
