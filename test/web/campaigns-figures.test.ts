import { describe, expect, it } from 'vitest';
import { budgetLeft, funnelOf, runCost, stepCost } from '../../src/web/screens/campaigns/figures.ts';

const step = (number: number, messages: number, each: number | null, variant: string | null = null) => ({
  step: number,
  variant,
  channel: 'mail',
  provider: 'lob',
  messages,
  cost_each: each,
  problem: null,
  parts: null,
});

describe('figures of a campaign', () => {
  it('are whole messages, from shares of what was delivered', () => {
    const metrics = {
      sent: 111,
      delivered_rate: 106 / 111,
      open_rate: 69 / 106,
      click_rate: 51 / 106,
      answer_rate: 32 / 106,
    };
    expect(funnelOf(metrics)).toEqual({ sent: 111, delivered: 106, opened: 69, clicked: 51, answered: 32 });
    expect(funnelOf({ sent: 0, delivered_rate: null, open_rate: null })).toEqual({
      sent: 0,
      delivered: 0,
      opened: 0,
      clicked: 0,
      answered: 0,
    });
  });

  it('count the first step of a run, all steps, and of variants the dearest', () => {
    const steps = [step(1, 10, 0.5, 'a'), step(1, 10, 0.75, 'b'), step(2, 10, 0.1), step(3, 10, null)];
    expect(stepCost(steps[3]!)).toBeNull();
    expect(runCost(steps)).toEqual({ first: 7.5, all: 8.5 });
    expect(runCost([])).toEqual({ first: 0, all: 0 });
  });

  it('hold a provider against the budget with the least left', () => {
    const budget = (resource: string, period: 'day' | 'month', left: number) => ({
      resource,
      period,
      left,
      limit: 100,
      spent: 100 - left,
    });
    const budgets = [budget('lob', 'month', 40), budget('*', 'day', 5), budget('sendgrid', 'day', 1)];
    expect(budgetLeft(budgets, 'lob')).toEqual({ left: 5, period: 'day', resource: '*' });
    expect(budgetLeft([], 'lob')).toBeNull();
  });
});
