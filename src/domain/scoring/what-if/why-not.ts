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

/**
 * The smallest changes of the editable inputs that lift a score to the target. Exact: every named change is applied and
 * scored, and one step less of any of its inputs stays below the target (a score never falls with a further step, so
 * halving the range finds the first step that reaches it). Single inputs first; where none reaches it alone, each pair
 * that does (the first input as little as possible while the second helps as much as it can, then the second); else all
 * together, less those that are not needed.
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
  const everything = edits.map(far);
  // Off market, a price turns the profile: it need not help.
  const sets = [everything, everything.filter(({ edit }) => edit.input !== 'list_price')];
  const best = sets
    .map((plan) => ({ plan, score: scoreOf(applied(scenario, plan)) }))
    .reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score >= target) return found([shrunk(best.plan, reaches)]);
  const keepsBest = (plan: Plan) => scoreOf(applied(scenario, plan)) >= Math.max(best.score, score);
  const highest = describe(scenario, best.score > score ? shrunk(best.plan, keepsBest) : []);
  return { ...base, reached: false, already: false, changes: [], highest };
}

/** The plan without the inputs it can do without, and each other input at the first step that is enough. */
function shrunk(plan: Plan, isEnough: (plan: Plan) => boolean): Plan {
  let left = plan;
  for (const { edit } of [...plan].reverse()) {
    const without = left.filter((each) => each.edit !== edit);
    if (without.length > 0 && isEnough(without)) left = without;
  }
  for (const { edit } of left) {
    const at = (step: number) => left.map((each) => (each.edit === edit ? { edit, step } : each));
    left = at(firstStep(edit.steps, (step) => isEnough(at(step))));
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
