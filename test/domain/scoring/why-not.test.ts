import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadScoringConfig } from '../../../src/config/scoring.ts';
import { scoreProperty } from '../../../src/domain/scoring/score.ts';
import { editableInputs } from '../../../src/domain/scoring/what-if/editable-inputs.ts';
import type { Scenario } from '../../../src/domain/scoring/what-if/scenario.ts';
import { type ScoreChange, whyNot } from '../../../src/domain/scoring/what-if/why-not.ts';
import { avmValue, facts, inputOf, maybe } from './random.ts';

const weights = loadScoringConfig(resolve('config/scoring.yaml'));
const scenario = (over: Parameters<typeof inputOf>[0]): Scenario => ({ input: inputOf(over), weights });

/** Applies a named change as a reader of the answer would, each input by its name; `less` takes one step off one input. */
function rescored(given: Scenario, change: ScoreChange, less: string | null = null): number {
  const edits = editableInputs(given);
  const changed = change.inputs.reduce((now, { input, to }) => {
    const edit = edits.find((each) => each.input === input)!;
    if (input !== less) return edit.apply(now, to);
    let step = 1;
    // Steps are found by their value, coarse to fine: lists are long.
    for (let size = 2 ** 20; size >= 1; size /= 2) {
      while (step + size <= edit.steps && before(edit.at(step + size - 1), to, edit)) step += size;
    }
    const at = edit.at(step) === to ? step : step + 1;
    return at <= 1 ? now : edit.apply(now, edit.at(at - 1));
  }, given);
  return scoreProperty(changed.input, changed.weights).birdDogScore;
}

function before(a: number | string, b: number | string, edit: { at: (n: number) => number | string; steps: number }) {
  if (typeof a === 'string' || typeof b === 'string') return a !== b;
  return Number(edit.at(1)) < Number(edit.at(edit.steps)) ? a < b : a > b;
}

/** The highest score of every choice of inputs, each as it is or at its furthest, by trying them all. */
function bestOfAll(given: Scenario): number {
  const tryAll = (now: Scenario, left: ReturnType<typeof editableInputs>): number => {
    const [edit, ...rest] = left;
    if (edit === undefined) return scoreProperty(now.input, now.weights).birdDogScore;
    return Math.max(tryAll(now, rest), tryAll(edit.apply(now, edit.at(edit.steps)), rest));
  };
  return tryAll(given, editableInputs(given));
}

describe('whyNot', () => {
  it('says that nothing reaches the target only where nothing does: no change found at random scores higher', () => {
    fc.assert(
      fc.property(
        facts,
        maybe(avmValue),
        fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 7, maxLength: 7 }), {
          minLength: 8,
          maxLength: 8,
        }),
        (house, avm, tries) => {
          const given = { input: inputOf(house, avm), weights };
          const answer = whyNot(given, 100);
          const highest = answer.reached ? 100 : answer.highest!.score;
          if (!answer.reached) expect(bestOfAll(given)).toBe(highest);
          for (const shares of tries) {
            const at = editableInputs(given).reduce((now, edit, i) => {
              const step = Math.round(edit.steps * shares[i]!);
              return step === 0 ? now : edit.apply(now, edit.at(step));
            }, given);
            expect(scoreProperty(at.input, at.weights).birdDogScore).toBeLessThanOrEqual(highest);
          }
        },
      ),
      { numRuns: 6 },
    );
  });

  it('names changes that are true when applied, and not with one step less of any of them', () => {
    fc.assert(
      fc.property(facts, maybe(avmValue), fc.integer({ min: 30, max: 95 }), (house, avm, target) => {
        const given = { input: inputOf(house, avm), weights };
        const answer = whyNot(given, target);
        const score = scoreProperty(given.input, weights).birdDogScore;
        expect(answer.score).toBe(score);
        expect(answer.already).toBe(score >= target);
        if (answer.already) {
          expect(answer.changes).toEqual([]);
          return;
        }
        expect(answer.reached).toBe(answer.changes.length > 0);
        for (const change of answer.changes) {
          expect(rescored(given, change)).toBe(change.score);
          expect(change.score).toBeGreaterThanOrEqual(target);
          for (const { input } of change.inputs) expect(rescored(given, change, input)).toBeLessThan(target);
        }
        if (!answer.reached) {
          expect(answer.highest!.score).toBeLessThan(target);
          expect(answer.highest!.score).toBeGreaterThanOrEqual(score);
          expect(rescored(given, answer.highest!)).toBe(answer.highest!.score);
          expect(bestOfAll(given)).toBe(answer.highest!.score);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('finds the asking price to the hundred dollars', () => {
    const given = scenario({ listPriceCents: 44_000_000, listDate: '2015-03-01' });
    const answer = whyNot(given, 60);
    const price = answer.changes.find((change) => change.inputs[0]?.input === 'list_price')!;
    const { from, to, unit } = price.inputs[0]!;
    expect({ from, unit }).toEqual({ from: 440_000, unit: 'usd' });
    expect(Number(to) % 100).toBe(0);
    expect(price.sentence).toMatch(
      /^An asking price of \$\d{3},\d00 instead of \$440,000 \(\d+\.\d% less\): it scores 6\d\.\d\d\.$/,
    );
    const at = (usd: number) => scoreProperty(inputOf({ listPriceCents: usd * 100, listDate: '2015-03-01' }), weights);
    expect(at(Number(to)).birdDogScore).toBeGreaterThanOrEqual(60);
    expect(at(Number(to) + 100).birdDogScore).toBeLessThan(60);
  });

  it('reckons a house that is not for sale as if it were offered', () => {
    const answer = whyNot(scenario({ listPriceCents: null }), 75);
    const offer = answer.changes.find((change) => change.inputs[0]?.input === 'list_price')!;
    expect(offer.inputs[0]!.from).toBeNull();
    expect(offer.sentence).toContain('it is not for sale: reckoned as if offered at that price');
  });

  it('says that it is there already, and that nothing reaches 100', () => {
    expect(whyNot(scenario({}), 1)).toMatchObject({ already: true, reached: true, changes: [], highest: null });
    const never = whyNot(scenario({ floodRisk: 'very_high' }), 100);
    expect(never).toMatchObject({ already: false, reached: false, changes: [] });
    expect(never.highest!.score).toBeGreaterThan(never.score);
    expect(never.highest!.inputs.length).toBeGreaterThan(0);
  });

  it('takes two or more inputs where one alone is not enough', () => {
    const poor = { listPriceCents: 44_000_000, floodRisk: 'very_high' as const };
    const best = whyNot(scenario(poor), 100).highest!.score;
    const answer = whyNot(scenario(poor), best);
    expect(answer.reached).toBe(true);
    expect(answer.changes[0]!.inputs.length).toBeGreaterThan(1);
  });
});
