import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { campaignSchema } from '../../src/domain/outreach/campaign.ts';
import { ApiProblem } from '../../src/sdk/problem.ts';
import { foreignDrafts } from '../../src/web/app/draft-keys.ts';
import {
  bodyOf,
  type CampaignDraft,
  draftOf,
  emptyDraft,
  newStep,
  words,
} from '../../src/web/screens/campaigns/campaign-draft.ts';
import { fieldName, problemsOf, refusalsOf } from '../../src/web/screens/campaigns/campaign-problems.ts';
import { draftKey, keepDraft, otherDrafts, readDraft } from '../../src/web/screens/campaigns/draft-store.ts';
import {
  messageStatus,
  needsApproval,
  passedOverRows,
  stateOf,
  windowText,
} from '../../src/web/screens/campaigns/words.ts';

const GOOD: CampaignDraft = {
  ...emptyDraft(),
  name: 'Spring',
  senderName: 'Jo Example',
  senderEmail: 'jo@example.com',
  postalAddress: '1 Main Street, Springfield, WA 98103',
};

describe('a campaign while it is built', () => {
  it('gives a body that the API takes, when nothing is wrong with it', () => {
    expect(problemsOf(GOOD)).toEqual({});
    const parsed = campaignSchema.parse(bodyOf(GOOD));
    expect(parsed).toMatchObject({ name: 'Spring', send_window: { days: [1, 2, 3, 4, 5] }, throttle: null });
  });

  it('with post, variants, a warm-up and a button says all of them', () => {
    const full: CampaignDraft = {
      ...GOOD,
      kind: 'owner',
      counties: ['king-wa'],
      tags: 'hot, probate ,hot',
      steps: [
        newStep('owner', 'mail', false, 'a'),
        {
          ...newStep('owner', 'email', true, 'b'),
          variants: [
            { key: '1', name: 'short', template: 'owner-email', weight: '1' },
            { key: '2', name: 'long', template: 'owner-follow-up', weight: '2.5' },
          ],
        },
      ],
      perDomain: '50',
      hasWarmUp: true,
      returnLine1: '1 Main Street',
      returnCity: 'Springfield',
      returnState: 'WA',
      returnZip: '98103',
      linkLabel: 'Talk to us',
      linkUrl: 'https://example.com/talk',
    };
    expect(problemsOf(full)).toEqual({});
    const body = bodyOf(full);
    expect(campaignSchema.parse(body)).toMatchObject({
      audience: { tags: ['hot', 'probate'], counties: ['king-wa'] },
      steps: [{ channel: 'mail' }, { wait_days: 4, variants: [{ weight: 1 }, { weight: 2.5 }] }],
      throttle: { per_domain_per_hour: 50, warm_up: { start_per_day: 20, growth: 1.5 } },
      sender: { address: { line2: null, zipCode: '98103' } },
      call_to_action: { label: 'Talk to us' },
    });
  });

  it('comes back into the form as it was stored', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (minScore, hasWindow, days, steps) => {
          const draft: CampaignDraft = {
            ...GOOD,
            minScore: String(minScore),
            hasWindow,
            days,
            steps: Array.from({ length: steps }, (_, index) => newStep('investor', 'email', index > 0, String(index))),
          };
          const { name, ...definition } = bodyOf(draft);
          expect(bodyOf(draftOf(name, definition as never))).toEqual(bodyOf(draft));
        },
      ),
    );
  });

  it('is refused with each field that the API would refuse', () => {
    const wrong: CampaignDraft = {
      ...GOOD,
      name: ' ',
      minScore: '101',
      senderEmail: 'nobody',
      postalAddress: 'short',
      endHour: '9',
      days: [],
      maxPerRun: '1.5',
      steps: [newStep('investor', 'sms', false, 'a'), { ...newStep('investor', 'email', true, 'b'), waitDays: '' }],
      linkUrl: 'javascript:alert(1)',
      linkLabel: 'x',
    };
    expect(Object.keys(problemsOf(wrong)).sort()).toEqual([
      'audience.min_score',
      'call_to_action.url',
      'max_per_run',
      'name',
      'postal_address',
      'send_window.days',
      'send_window.end_hour',
      'sender.email',
      'steps.0.template',
      'steps.1.wait_days',
    ]);
    const one = [{ key: '1', name: 'A b', template: '', weight: '0' }];
    expect(Object.keys(problemsOf({ ...GOOD, steps: [{ ...GOOD.steps[0]!, variants: one }] }))).toEqual([
      'steps.0.variants.0.name',
      'steps.0.variants.0.template',
      'steps.0.variants.0.weight',
      'steps.0.variants',
    ]);
  });

  it('finds the fields of a refusal in either of its forms', () => {
    const problem = { title: '', status: 400, code: 'validation', request_id: null };
    const listed = new ApiProblem({
      ...problem,
      detail: 'x',
      errors: [{ field: 'body.steps.1.channel', message: 'needs wait_days beside it: such as 4.' }],
    });
    expect(refusalsOf(listed)).toEqual({ 'steps.1.channel': 'Needs wait_days beside it: such as 4.' });
    const told = new ApiProblem({
      ...problem,
      detail:
        "The campaign cannot be used:\nbody:1: steps.0.template 'nope' cannot be used: There is no email template 'nope'.\nbody:1: audience.counties.0 There is no county \"atlantis\".",
    });
    expect(refusalsOf(told)).toEqual({
      'steps.0.template': "'nope' cannot be used: There is no email template 'nope'.",
      'audience.counties': 'There is no county "atlantis".',
    });
    expect(refusalsOf(new ApiProblem({ ...problem, detail: 'The name is taken.' }))).toEqual({
      '': 'The name is taken.',
    });
    expect(refusalsOf(new Error('x'))).toEqual({});
  });

  it('calls fields what the form calls them', () => {
    expect(
      ['steps.1.wait_days', 'steps.0.variants.1.name', 'sender.address.city', 'sender.name', 'odd'].map(fieldName),
    ).toEqual(['Step 2', 'Step 1, variant 2', 'Return address', 'Sender’s name', 'odd']);
  });

  it('is kept on the device, and what is no draft is not taken for one', () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const key = draftKey('user', 'new', 'tab');
    expect(readDraft(store, key, emptyDraft())).toBeNull();
    expect(keepDraft(store, key, GOOD)).toBe(true);
    expect(readDraft(store, key, emptyDraft())).toEqual(GOOD);
    for (const text of ['{', '3', 'null', '{"steps":1}', '{"draft":{"steps":1},"savedAt":1}']) {
      kept.set(key, text);
      expect(readDraft(store, key, emptyDraft())).toBeNull();
    }
    expect(words(' a, b;a\n,, c ')).toEqual(['a', 'b', 'c']);
  });

  it('are one for each tab; another tab is offered those that are not too old', () => {
    const kept = new Map<string, string>();
    const store = {
      get length() {
        return kept.size;
      },
      key: (index: number) => [...kept.keys()][index] ?? null,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    const day = 86_400_000;
    const key = (tab: string, campaign = 'new', user = 'user') => draftKey(user, campaign, tab);
    keepDraft(store, key('a'), { ...GOOD, name: 'A' }, 10 * day);
    keepDraft(store, key('b'), { ...GOOD, name: 'B' }, 12 * day);
    keepDraft(store, key('c', 'edit.1'), { ...GOOD, name: 'C' }, 12 * day);
    keepDraft(store, key('d', 'new', 'other'), { ...GOOD, name: 'D' }, 12 * day);
    const offered = (tab: string, now: number) =>
      otherDrafts(store, key(tab), emptyDraft(), now).map(({ draft }) => draft.name);
    expect(offered('c', 13 * day)).toEqual(['B', 'A']);
    expect(offered('a', 13 * day)).toEqual(['B']);
    expect(readDraft(store, key('a'), emptyDraft())?.name).toBe('A');
    expect(offered('c', 41 * day)).toEqual(['B']);
    expect(kept.has(key('a'))).toBe(false);
  });

  it('are nobody else’s: which are to be forgotten goes by the user', () => {
    const keys = ['reos.campaign-draft.ada.new~1', 'reos.template-draft.bob.email.x.1', 'reos.session', 'reos.theme'];
    expect(foreignDrafts(keys, 'ada')).toEqual([keys[1]]);
    expect(foreignDrafts(keys, undefined)).toEqual(keys.slice(0, 2));
    expect(foreignDrafts(keys, 'ad')).toEqual(keys.slice(0, 2));
  });
});

describe('words for campaigns', () => {
  const campaign = (status: string, approvedAt: string | null, needs: boolean) => ({
    status,
    approved_at: approvedAt,
    definition: { needs_approval: needs },
  });

  it('tell a campaign that waits for a new approval from an active one', () => {
    expect(stateOf(campaign('active', '2026-01-01', true)).text).toBe('Active');
    expect(stateOf(campaign('active', null, true)).text).toBe('Waits for approval');
    expect(stateOf(campaign('active', null, false)).text).toBe('Active');
    expect([needsApproval(campaign('draft', null, false)), needsApproval(campaign('ended', null, true))]).toEqual([
      true,
      false,
    ]);
    expect(needsApproval(campaign('paused', null, true))).toBe(true);
  });

  it('tell a held message from a planned one, and those passed over by their number', () => {
    expect(messageStatus('pending', 'The weekly cap.').text).toBe('Held');
    expect(messageStatus('pending', null).text).toBe('Planned');
    expect(messageStatus('brand-new', null)).toEqual({ text: 'brand-new', tone: 'neutral' });
    expect(passedOverRows({ score: 0, suppressed: 2, other_thing: 5 })).toEqual([
      { name: 'other thing', value: 5 },
      { name: 'Suppressed: unsubscribed, bounced or on your list', value: 2 },
    ]);
  });

  it('tell a window in days and hours', () => {
    expect(windowText(null)).toBe('At any time the law allows');
    expect(windowText({ days: [5, 1, 2, 3, 4], start_hour: 9, end_hour: 18 })).toBe(
      'Mon–Fri, 9:00 to 18:00 in the recipient’s time',
    );
    expect(windowText({ days: [6, 1], start_hour: 0, end_hour: 24 })).toBe(
      'Mon, Sat, 0:00 to 24:00 in the recipient’s time',
    );
  });
});
