import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionedUsers } from '../../src/domain/collaboration/mentions.ts';
import { concernedBy } from '../../src/web/screens/property/concerned.ts';
import { buildFeed } from '../../src/web/screens/property/feed.ts';
import {
  editable,
  storable,
  stretchesOf,
  typedMention,
  withMention,
} from '../../src/web/screens/property/mention-text.ts';
import { actorOf, type EventLike, sourceOf, wordsOf } from '../../src/web/screens/property/timeline-words.ts';

const ADA = { id: '11111111-1111-4111-8111-111111111111', name: 'Ada Byron' };
const ADAM = { id: '22222222-2222-4222-8222-222222222222', name: 'Ada' };

describe('mentions', () => {
  it('are stored for the people who were chosen, the longer name first', () => {
    const stored = storable('Hi @Ada Byron and @Ada, not @Adam or ada@Ada.com', [ADAM, ADA]);
    expect(mentionedUsers(stored)).toEqual([ADA.id, ADAM.id]);
    expect(stored).toContain('not @Adam');
  });

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.string({ maxLength: 40 }), (before, after) => {
        fc.pre(!/[@[\]()]/.test(before + after));
        const text = `${before} @${ADA.name} ${after}`;
        expect(editable(storable(text, [ADA])).text).toBe(text);
        expect(stretchesOf(storable(text, [ADA])).filter((one) => 'person' in one)).toEqual([{ person: ADA }]);
      }),
    );
  });

  it('take names with signs that mean something elsewhere', () => {
    const odd = { id: ADA.id, name: 'A.* (B) |c' };
    expect(mentionedUsers(storable('to @A.* (B) |c!', [odd]))).toEqual([ADA.id]);
    expect(storable('to @AXX (B) |c', [odd])).toBe('to @AXX (B) |c');
  });

  it('are looked for at the caret alone', () => {
    expect(typedMention('see @ad', 7)).toEqual({ start: 4, query: 'ad' });
    expect(typedMention('@', 1)).toEqual({ start: 0, query: '' });
    expect(typedMention('mail@ad', 7)).toBeNull();
    expect(typedMention('see @Ada Byron said so', 22)).toBeNull();
    expect(withMention('see @ad now', 7, 4, ADA)).toEqual({ text: 'see @Ada Byron now', caret: 15 });
  });
});

const event = (type: string, payload: object, over: Partial<EventLike> = {}): EventLike => ({
  event_id: Math.random().toString(36),
  event_type: type,
  timestamp: '2026-01-01T00:00:00Z',
  payload,
  metadata: { source: 'score', user_id: null },
  ...over,
});
const nobody = () => 'Ada';

describe('events in words', () => {
  it('say what happened', () => {
    expect(
      wordsOf(event('property.scored', { bird_dog_score: 86.67, confidence: 0.638, reasons: ['flip_roi'] }), nobody),
    ).toEqual({
      title: 'Scored 86.7, 64% sure',
      detail: 'Most of all by: Return of a flip',
      tone: 'good',
    });
    expect(wordsOf(event('timeline.updated', { kind: 'email.bounce' }), nobody)).toMatchObject({
      title: 'E-mail bounced',
      tone: 'bad',
    });
    expect(wordsOf(event('timeline.updated', { what: 'failed', stage: 'memo', reason: 'No PDF.' }), nobody)).toEqual({
      title: 'Stopped at the step “Memo”',
      detail: 'No PDF.',
      tone: 'bad',
    });
    expect(wordsOf(event('timeline.updated', { what: 'assignment.added', user_id: 'x' }), nobody).title).toBe(
      'Given to Ada',
    );
    expect(
      wordsOf(
        event('property.enriched', { sources: ['county'], fields: ['assessedValueCents'], problem: null }),
        nobody,
      ),
    ).toEqual({
      title: 'Facts from County',
      detail: '1 field: assessed value',
      tone: 'neutral',
    });
  });

  it('never fail, whatever an event holds', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'property.discovered',
          'property.enriched',
          'property.scored',
          'memo.generated',
          'outreach.sent',
          'timeline.updated',
          'new.kind',
        ),
        fc.jsonValue(),
        (type, payload) => {
          const { title } = wordsOf(event(type, payload as object), nobody);
          expect(title.length).toBeGreaterThan(0);
        },
      ),
    );
    expect(actorOf(event('x', {}, { metadata: undefined }))).toBeNull();
    expect(sourceOf(event('x', {}, { metadata: null }))).toBe('system');
  });
});

it('an event makes those answers be asked again that it may have changed', () => {
  expect(concernedBy('property.scored', {})).toBeNull();
  expect(concernedBy('timeline.updated', { what: 'comment.created' })).toEqual(['comments', 'timeline']);
  expect(concernedBy('timeline.updated', { what: 'tag.added' })).toEqual(['tags', 'timeline']);
  expect(concernedBy('timeline.updated', { kind: 'email.open' })).toContain('messages');
  expect(concernedBy('timeline.updated', { what: 'paused' })).toContain('detail');
  expect(concernedBy('timeline.updated', null)).toContain('detail');
});

describe('the timeline', () => {
  const comment = (id: string, at: string, parent: string | null = null, body: string | null = id) => ({
    id,
    parent_id: parent,
    body,
    created_at: at,
  });

  it('has events and comments in one line, with answers under what they answer', () => {
    const feed = buildFeed(
      [event('property.scored', {}, { event_id: 'e', timestamp: '2026-01-02' })],
      [comment('a', '2026-01-03'), comment('c', '2026-01-05', 'b'), comment('b', '2026-01-04', 'a')],
    );
    expect(feed.map(({ id }) => id)).toEqual(['a', 'e']);
    expect(feed[0]).toMatchObject({ answers: [{ id: 'b' }, { id: 'c' }] });
  });

  it('keeps a deleted comment only while answers hang on it', () => {
    const deleted = comment('a', '2026-01-03', null, null);
    expect(buildFeed([], [deleted])).toEqual([]);
    expect(buildFeed([], [deleted, comment('b', '2026-01-04', 'a')])).toHaveLength(1);
  });

  it('tells what repeats once, and leaves out what the comments say themselves', () => {
    const open = (id: string, at: string) =>
      event('timeline.updated', { kind: 'email.open' }, { event_id: id, timestamp: at });
    const feed = buildFeed(
      [
        open('1', '2026-01-04'),
        open('2', '2026-01-03'),
        event('timeline.updated', { what: 'comment.created' }),
        open('3', '2025-12-01'),
      ],
      [],
    );
    expect(feed).toMatchObject([{ id: '1', times: 3 }]);
  });
});
