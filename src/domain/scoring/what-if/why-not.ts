import { editableInputs } from './editable-inputs.ts';
import { type EditableInput, type InputValue, type Scenario, scoreOf } from './scenario.ts';

/** One input's part in a change. */
export interface ChangedInput {
  input: string;
  from: InputValue;
  to: number | string;
  unit: EditableInput['unit'];
}

/** A change that was applied and scored. */
export interface ScoreChange {
  inputs: ChangedInput[];
  /** The score with the change applied. */
  score: number;
  sentence: string;
}

/** What it would take to lift a score to a target. */
export interface WhyNot {
  score: number;
  target: number;
  /** True when the target is met already or by a change that is named. */
  reached: boolean;
  /** True when the score is there without any change. */
  already: boolean;
  /** The smallest change of each single input that gets there; else of pairs; else one of more inputs. */
  changes: ScoreChange[];
  /** When nothing reaches the target: the highest score found, by the smallest change that gives it. */
  highest: ScoreChange | null;
  /** What was looked at: each input from its present value to the furthest one. */
  searched: ChangedInput[];
}

/** Steps of some inputs, taken together. */
type Plan = ReadonlyArray<{ edit: EditableInput; step: number }>;
interface Choice {
  plan: Plan;
  score: number;
}

const isSmaller = (a: Choice, b: Choice): boolean =>
  a.plan.length < b.plan.length || (a.plan.length === b.plan.length && a.score > b.score);

/**
 * The smallest changes of the editable inputs that lift a score to the target. Exact: every named change is applied and
 * scored, and one step less of any of its inputs stays below the target (a score never falls with a further step, so
 * halving the range finds the first step that reaches it). Single inputs first; where none reaches it alone, each pair
 * that does (the first input as little as possible while the second helps as much as it can, then the second); else the
 * smallest of all other choices of inputs that does. That none does is proven by trying every choice.
 */
export function whyNot(scenario: Scenario, target: number): WhyNot {
  const score = scoreOf(scenario);
  const edits = editableInputs(scenario);
  const searched = edits.map((edit) => changed(edit, edit.steps));
  const base = { score, target, searched, highest: null };
  if (score >= target) return { ...base, reached: true, already: true, changes: [] };
  const reaches = (plan: Plan) => scoreOf(applied(scenario, plan)) >= target;
  const far = (edit: EditableInput) => ({ edit, step: edit.steps });
  const found = (plans: readonly Plan[]): WhyNot => ({
    ...base,
    reached: true,
    already: false,
    changes: plans.map((plan) => describe(scenario, plan)),
  });

  const singles = edits.map((edit) => [far(edit)]).filter(reaches);
  if (singles.length > 0) return found(singles.map((plan) => shrunk(plan, reaches)));
  const pairs = edits.flatMap((a, i) => edits.slice(i + 1).map((b) => [far(a), far(b)])).filter(reaches);
  if (pairs.length > 0) return found(pairs.map((plan) => shrunk(plan, reaches)));
  const choices = everyChoice(edits.map(far), (plan) => scoreOf(applied(scenario, plan)));
  /** Fewer inputs first, then the higher score. */
  const smallest = choices
    .filter((choice) => choice.score >= target)
    .reduce<Choice | null>((best, choice) => (best === null || isSmaller(choice, best) ? choice : best), null);
  if (smallest !== null) return found([shrunk(smallest.plan, reaches)]);
  const none = { plan: [], score };
  const best = choices.reduce<Choice>((a, b) => (b.score > a.score ? b : a), none);
  const keepsBest = (plan: Plan) => scoreOf(applied(scenario, plan)) >= Math.max(best.score, score);
  const highest = describe(scenario, best.score > score ? shrunk(best.plan, keepsBest) : []);
  return { ...base, reached: false, already: false, changes: [], highest };
}

/**
 * Every choice of the inputs (at most 127 of seven), each at its furthest step, and its score. All together is not always
 * the best: off market a price turns the profile, and a rent that is learned can be worse than one that is estimated. An
 * input that takes part never scores lower for a further step, so no other change scores higher than the best of these.
 */
function everyChoice(everything: Plan, scoreOfPlan: (plan: Plan) => number): Choice[] {
  return Array.from({ length: 2 ** everything.length - 1 }, (_, at) => {
    const plan = everything.filter((_edit, i) => ((at + 1) >> i) % 2 === 1);
    return { plan, score: scoreOfPlan(plan) };
  });
}

/**
 * The plan without the inputs it can do without, and each other input at the first step that is enough. An input may
 * become needless once another has moved less far (a rent that is learned can be worse than one that is estimated), so
 * it is looked at again until nothing falls away.
 */
function shrunk(plan: Plan, isEnough: (plan: Plan) => boolean): Plan {
  let left = withoutNeedless(plan, isEnough);
  for (;;) {
    const before = left;
    for (const { edit } of before) {
      const at = (step: number) => left.map((each) => (each.edit === edit ? { edit, step } : each));
      const now = left.find((each) => each.edit === edit)?.step ?? edit.steps;
      if (now > 1 && isEnough(at(now - 1))) left = at(firstStep(now - 1, (step) => isEnough(at(step))));
    }
    left = withoutNeedless(left, isEnough);
    // Every round takes steps or inputs away, so this ends.
    if (left.length === before.length && left.every((each, i) => each.step === before[i]!.step)) return left;
  }
}

function withoutNeedless(plan: Plan, isEnough: (plan: Plan) => boolean): Plan {
  let left = plan;
  for (const { edit } of [...plan].reverse()) {
    const without = left.filter((each) => each.edit !== edit);
    if (without.length > 0 && isEnough(without)) left = without;
  }
  return left;
}

/** The first of the steps 1 to `last` that is enough; `last` is known to be, and so is all that follows the first. */
function firstStep(last: number, isEnough: (step: number) => boolean): number {
  let low = 1;
  let high = last;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}

function applied(scenario: Scenario, plan: Plan): Scenario {
  return plan.reduce((given, { edit, step }) => edit.apply(given, edit.at(step)), scenario);
}

function describe(scenario: Scenario, plan: Plan): ScoreChange {
  const score = scoreOf(applied(scenario, plan));
  const words = plan.map(({ edit, step }, i) => {
    const said = edit.say(edit.at(step));
    return i === 0 ? said : `${said.charAt(0).toLowerCase()}${said.slice(1)}`;
  });
  const subject = words.length === 0 ? 'As it is' : words.join(', and ');
  return {
    inputs: plan.map(({ edit, step }) => changed(edit, step)),
    score,
    sentence: `${subject}: it scores ${score.toFixed(2)}.`,
  };
}

function changed(edit: EditableInput, step: number): ChangedInput {
  return { input: edit.input, from: edit.from, to: edit.at(step), unit: edit.unit };
}
