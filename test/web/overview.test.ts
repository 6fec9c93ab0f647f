import { describe, expect, it } from 'vitest';
import {
  type ActivityEntry,
  activityWords,
  groupActivity,
  groupTitle,
} from '../../src/web/screens/overview/activity-words.ts';
import { attentionItems } from '../../src/web/screens/overview/attention-items.ts';
import type { AttentionFacts } from '../../src/web/screens/overview/attention-kinds.ts';
import { formatHours, funnelRows } from '../../src/web/screens/overview/funnel-rows.ts';
import { daysOf } from '../../src/web/screens/overview/throughput.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');
const keysOf = (facts: AttentionFacts) => attentionItems(facts, NOW).map(({ key }) => key);

describe('what needs a person', () => {
  it('is nothing when nothing is known or nothing is wrong', () => {
    expect(attentionItems({}, NOW)).toEqual([]);
    expect(
      keysOf({
        failedProperties: 0,
        needsReview: 0,
        unknownSends: [],
        refused: [],
        packets: [],
        budgets: [{ resource: '*', period: 'month', limit: 100, spent: 79 }],
        webhooks: [{ url: 'https://a.example/', status: 'active', disabled_reason: null, failing_since: null }],
        schedules: [{ dag_id: 'a', state: 'active', note: null, last_status: 'success' }],
      }),
    ).toEqual([]);
  });

  it('is told with its count, its reason and where it is settled, the worst first', () => {
    const items = attentionItems(
      {
        needsReview: 2,
        failedProperties: 1,
        outreach: {
          channels: [
            { channel: 'email', paused: true, reason: 'hard bounces reached 2%' },
            { channel: 'sms', paused: false, reason: null },
          ] as never,
          waiting: [{ channel: 'mail', reason: 'weekly_cap', sends: 3 }],
        },
      },
      NOW,
    );
    expect(items.map(({ key, tone }) => [key, tone])).toEqual([
      ['failed', 'bad'],
      ['paused email', 'warn'],
      ['held mail weekly_cap', 'warn'],
      ['review', 'info'],
    ]);
    expect(items[0]).toMatchObject({ count: 1, text: 'property stopped', to: '/operations/failures' });
    expect(items[1]).toMatchObject({ detail: 'Hard bounces reached 2%.' });
    expect(items[2]).toMatchObject({ count: 3, text: 'messages wait (letter)', detail: 'Weekly cap.' });
    expect(items[3]).toMatchObject({ search: { part: 'review' } });
  });

  it('forgets refused rows and expired decisions after a week', () => {
    const old = '2026-03-01T12:00:00Z';
    const recent = '2026-03-09T12:00:00Z';
    expect(keysOf({ refused: [{ source: 'a', rows: 2, last_seen_at: old }] })).toEqual([]);
    expect(attentionItems({ refused: [{ source: 'a', rows: 2, last_seen_at: recent }] }, NOW)[0]?.count).toBe(2);
    const expired = (at: string) => ({ status: 'expired', severity: 'LOW', expires_at: at });
    expect(keysOf({ packets: [expired(old)] })).toEqual([]);
    expect(keysOf({ packets: [expired(recent)] })).toEqual(['expired']);
  });

  it('warns of open decisions that are grave or expire soon', () => {
    const open = (severity: string, at: string) => ({ status: 'open', severity, expires_at: at });
    const toneOf = (one: object) => attentionItems({ packets: [one as never] }, NOW)[0]?.tone;
    expect(toneOf(open('LOW', '2026-03-20T12:00:00Z'))).toBe('info');
    expect(toneOf(open('LOW', '2026-03-11T11:00:00Z'))).toBe('warn');
    expect(toneOf(open('CRITICAL', '2026-03-20T12:00:00Z'))).toBe('warn');
  });

  it('tells of budgets from four fifths on, and of used-up ones as urgent', () => {
    const budget = (spent: number) => ({ budgets: [{ resource: 'twilio', period: 'day', limit: 10, spent }] });
    expect(attentionItems(budget(7.9), NOW)).toEqual([]);
    expect(attentionItems(budget(8), NOW)[0]).toMatchObject({
      tone: 'warn',
      text: expect.stringContaining('80% used'),
    });
    expect(attentionItems(budget(10), NOW)[0]).toMatchObject({ tone: 'bad', text: expect.stringContaining('used up') });
  });

  it('tells of sources, webhooks, schedules and files that fail', () => {
    expect(
      keysOf({
        sources: [{ name: 'king', health: 'failing', last_run: null }],
        webhooks: [{ url: 'https://a.example/x', status: 'disabled', disabled_reason: 'gone', failing_since: null }],
        schedules: [{ dag_id: 'sweep', state: 'paused', note: 'holiday', last_status: null }],
        imports: [{ id: '1', file_name: 'a.csv', status: 'failed', problem: 'no header' }],
      }),
    ).toEqual(['import 1', 'source king', 'webhook https://a.example/x', 'schedule sweep']);
  });
});

describe('the pipeline', () => {
  const stage = (name: string, here: number, reached: number) => ({ stage: name, here, reached, median_hours: null });
  it('has shares of all properties, and the share of the stage before', () => {
    const rows = funnelRows({ total: 10, funnel: [stage('new', 2, 10), stage('ready', 0, 8), stage('scored', 6, 8)] });
    expect(
      rows.map(({ name, hereShare, beyondShare, conversion }) => [name, hereShare, beyondShare, conversion]),
    ).toEqual([
      ['Found', 0.2, 0.8, 1],
      ['Scored', 0.6, 0.2, 1],
    ]);
  });
  it('is all nothing without properties', () => {
    expect(funnelRows({ total: 0, funnel: [stage('new', 0, 0), stage('scored', 0, 0)] })).toMatchObject([
      { hereShare: 0, conversion: null },
      { hereShare: 0, conversion: null },
    ]);
  });
  it('tells times in the unit that fits', () => {
    expect([null, 0, 0.5, 3.44, 47, 50].map(formatHours)).toEqual([null, '1 min', '30 min', '3.4 h', '47 h', '2 days']);
  });
});

describe('the rest of the overview', () => {
  it('reads the days of the address', () => {
    expect([7, '90', undefined, 'x', 8].map(daysOf)).toEqual([7, 90, 30, 30, 30]);
  });
  it('says what happened, and who did it when a person did', () => {
    expect(activityWords(clicked('1'))).toEqual({
      who: null,
      title: 'E-mail link followed',
      detail: null,
      tone: 'good',
    });
    const comment = { ...clicked('2'), what: 'comment.created', actor: { kind: 'user', id: 'u', name: 'Ada' } };
    expect(activityWords(comment)).toMatchObject({ who: 'Ada', title: 'commented' });
    const decision = { ...clicked('3'), what: 'model_decision', details: { decision: 'Not promoted: few sales.' } };
    expect(activityWords(decision)).toMatchObject({ detail: 'Not promoted: few sales.' });
  });
  it('joins a burst of one kind', () => {
    const scored = (id: string, score: number) => ({
      ...clicked(id),
      type: 'property.scored',
      what: 'property.scored',
      details: { bird_dog_score: score },
    });
    const groups = groupActivity([clicked('1'), clicked('2'), scored('3', 40), scored('4', 80), clicked('5')]);
    expect(groups.map((group) => [groupTitle(group), group.entries.length])).toEqual([
      ['E-mail link followed', 2],
      ['Scored', 2],
      ['E-mail link followed', 1],
    ]);
  });
});

function clicked(id: string): ActivityEntry {
  const actor = { kind: 'system', id: null, name: 'sendgrid' };
  const details = { kind: 'email.click' };
  return {
    id,
    type: 'timeline.updated',
    what: 'email.click',
    at: '2026-03-10T12:00:00Z',
    actor,
    property: null,
    details,
  };
}
