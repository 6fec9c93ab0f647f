import { describe, expect, it } from 'vitest';
import { assumed, DEAL_INPUTS, dealBody, wrongFields } from '../../src/web/screens/property/deal-inputs.ts';
import { pathOfLink } from '../../src/web/screens/property/memo-link.ts';
import { actionsFor, NEEDS } from '../../src/web/screens/property/next-action.ts';
import { messageWords, nextStep } from '../../src/web/screens/property/outreach-words.ts';
import { priceOf, priceWords } from '../../src/web/screens/property/price-words.ts';
import { valuationsOf } from '../../src/web/screens/property/valuations.ts';

describe('the deal’s inputs', () => {
  it('become a request: percents as shares, empty fields left out', () => {
    const { body, wrong } = dealBody('p', {
      price: '$300,000',
      'assumptions.mortgage_rate': '7',
      'assumptions.renovation_usd_per_sqft.moderate': '45',
      'facts.median_rent': '2100',
      value: ' ',
    });
    expect(wrong).toEqual({});
    expect(body).toEqual({
      property_id: 'p',
      price: 300_000,
      facts: { median_rent: 2_100 },
      assumptions: { mortgage_rate: 0.07, 'renovation_usd_per_sqft.moderate': 45 },
    });
  });

  it('that are no numbers are named, and the others kept', () => {
    const { body, wrong } = dealBody('p', { price: 'abc', 'assumptions.offer_rule': '-1', value: '5' });
    expect(Object.keys(wrong)).toEqual(['price', 'assumptions.offer_rule']);
    expect(body.value).toBe(5);
  });

  it('show what was reckoned with', () => {
    const input = (path: string) => DEAL_INPUTS.find((one) => one.path === path)!;
    const answer = { price: 175_728.32, assumptions: { mortgage_rate: 0.07, arv_uplift: { moderate: 0.12 } } };
    expect(assumed(answer, input('price'))).toBe('175728');
    expect(assumed(answer, input('assumptions.mortgage_rate'))).toBe('7');
    expect(assumed(answer, input('assumptions.arv_uplift.moderate'))).toBe('12');
    expect(assumed(answer, input('facts.median_rent'))).toBe('');
  });

  it('take the API’s errors by field', () => {
    expect(wrongFields({ message: 'x', errors: [{ field: 'body.price', message: 'too much' }] })).toEqual({
      price: 'too much',
    });
    const message = 'assumptions: mortgage_rate: Too big: expected number to be <=0.3. Correct the number.';
    expect(wrongFields({ message, errors: [] })).toEqual({
      'assumptions.mortgage_rate': 'At most 30%.',
    });
    expect(wrongFields({ message: 'assumptions: holding_months: Too small: >=1.', errors: [] })).toEqual({
      'assumptions.holding_months': 'At least 1.',
    });
    expect(wrongFields({ message: 'Something else.', errors: [] })).toEqual({ '': 'Something else.' });
  });
});

describe('what can be done next', () => {
  const at = (status: string, isPaused = false, score: object | null = {}) =>
    actionsFor({ status, is_paused: isPaused, score } as never);

  it('follows from where the property stands', () => {
    expect(at('packet_ready')[0]).toBe('approve');
    expect(at('engaged')[0]).toBe('outcome');
    expect(at('failed')[0]).toBe('resume');
    expect(at('scored', true)[0]).toBe('resume');
    expect(at('scored', true)).not.toContain('pause');
    expect(at('closed')).not.toContain('suppress');
    expect(at('new', false, null)).not.toContain('re-memo');
  });

  it('offers nothing twice, and each thing needs a permission', () => {
    for (const status of [
      'new',
      'ready',
      'scored',
      'packet_ready',
      'contacted',
      'engaged',
      'closed',
      'failed',
      'suppressed',
    ]) {
      const actions = at(status);
      expect(new Set(actions).size).toBe(actions.length);
      for (const name of actions) expect(NEEDS[name]).toMatch(/^\w+:\w+$/);
    }
  });
});

describe('outreach in words', () => {
  const message = {
    status: 'pending',
    held_reason: null,
    held_until: null,
    sent_at: null,
    delivered_at: null,
    error: null,
  };
  const property = { status: 'packet_ready', is_paused: false, bird_dog_score: 80 };

  it('says why a message is held, and when it left', () => {
    const now = Date.parse('2026-01-02T00:00:00Z');
    expect(messageWords({ ...message, held_reason: 'quiet_hours' }, now)).toBe('Held: quiet hours.');
    expect(messageWords(message, now)).toBe('Planned, not sent yet.');
    expect(messageWords({ ...message, status: 'sent', sent_at: '2026-01-01T00:00:00Z' }, now)).toBe('Sent yesterday.');
    expect(messageWords({ ...message, error: 'Refused.' }, now)).toBe('Refused.');
  });

  it('says what happens next', () => {
    expect(nextStep({ ...property, is_paused: true }, [])).toMatch(/paused/);
    expect(nextStep(property, [])).toMatch(/No campaign/);
    expect(nextStep(property, [message])).toMatch(/^1 message waits for approval/);
    expect(nextStep(property, [{ ...message, held_until: '2026-01-03T09:00:00Z' }, message])).toMatch(
      /^2 messages wait; the next/,
    );
    expect(nextStep({ ...property, status: 'engaged' }, [message])).toMatch(/your turn/);
  });
});

describe('the values of a property', () => {
  const range = { low: 90, high: 110 };
  const valuation = {
    value: 100,
    interval_50: range,
    interval_80: range,
    interval_90: range,
    confidence: 0.7,
    as_of: '2025-01-01',
    model_version: 'm1',
    valued_at: '2025-01-02',
  };
  const scoreBy = (source: string) =>
    ({ estimated_value: 120, value_low: 100, value_high: 140, features_used: { value_source: source } }) as never;

  it('begin with the one that the score rests on', () => {
    const kinds = (score: never | null, model: typeof valuation | null) =>
      valuationsOf({ score, valuation: model }).map(({ kind }) => kind);
    expect(kinds(scoreBy('comparables'), valuation)).toEqual(['comparables', 'model']);
    expect(kinds(scoreBy('avm'), valuation)).toEqual(['model']);
    expect(kinds(null, valuation)).toEqual(['model']);
    expect(kinds(scoreBy('comparables'), null)).toEqual(['comparables']);
    expect(kinds(null, null)).toEqual([]);
  });
});

it('a price says what kind it is', () => {
  const bare = { score: null, list_price: null, last_sale_price: null };
  expect(priceOf(bare)).toBeNull();
  expect(priceOf({ ...bare, last_sale_price: 5 })).toEqual({ value: 5, kind: 'last_sale' });
  expect(priceWords('asking').title).toBe('Asking price');
  expect(priceWords('new_kind').note).toBe('new kind');
});

it('files of the API are fetched from the page’s own origin, others where they are', () => {
  expect(pathOfLink('http://10.0.0.1:8080/files/a.pdf?signature=x', 'https://app.example')).toBe(
    '/files/a.pdf?signature=x',
  );
  expect(pathOfLink('https://bucket.example/a.pdf?x=1', 'https://app.example')).toBe(
    'https://bucket.example/a.pdf?x=1',
  );
});
