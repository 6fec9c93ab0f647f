import { ReosError } from '../../errors.ts';
import { contextOf } from '../score.ts';
import type { EditableInput, Scenario } from './scenario.ts';

/**
 * The scenario with changes a person named, each `input=value` under the names that `editableInputs` gives. Values need not
 * lie on the steps of the search.
 * @throws ReosError `validation` for a name that cannot be changed or a value of the wrong kind
 */
export function withGivenChanges(
  scenario: Scenario,
  edits: readonly EditableInput[],
  pairs: readonly string[],
): Scenario {
  return pairs.reduce((given, pair) => {
    const [name = '', text = ''] = pair.split(/=(.*)/s);
    const edit = edits.find(({ input }) => input === name);
    if (edit === undefined) {
      const known = edits.map(({ input }) => input).join(', ');
      throw new ReosError('validation', `--with ${pair}: '${name}' cannot be changed here. Possible: ${known}.`);
    }
    const levels = edit.unit === 'level' ? Array.from({ length: edit.steps }, (_, n) => String(edit.at(n + 1))) : null;
    const value = Number(text);
    if (levels !== null ? !levels.includes(text) : text.trim() === '' || !(value >= 0 && value <= 1e10)) {
      const expected = levels === null ? 'a number of 0 or more' : `one of: ${levels.join(', ')}`;
      throw new ReosError('validation', `--with ${pair}: '${text}' is not ${expected}.`);
    }
    const changed = edit.apply(given, levels === null ? value : text);
    // Worked out once here, so that an amount that cannot be one is refused by its name.
    contextOf(changed.input, changed.weights);
    return changed;
  }, scenario);
}
