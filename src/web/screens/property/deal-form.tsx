import { TextField } from '../../ui/field.tsx';
import styles from './deal.module.css';
import type { DealAnswer } from './deal-answer.ts';
import { assumed, DEAL_INPUTS, type DealInput, type Typed } from './deal-inputs.ts';

interface FormProps {
  answer: DealAnswer | undefined;
  /** Of the area, in dollars a month: what rent is reckoned from. */
  medianRent: number | null;
  typed: Typed;
  /** What is wrong, by path. */
  wrong: Readonly<Record<string, string>>;
  onType: (path: string, text: string) => void;
}

/** Price, value and rent at hand; the other assumptions folded away. What is typed stays, also when it is refused. */
export function DealForm(props: FormProps) {
  const groups = ['Renovation and resale', 'Rental and loan'] as const;
  return (
    <div className="stack">
      <Inputs {...props} title="Price, value and rent" inputs={DEAL_INPUTS.filter(({ group }) => group === 'Deal')} />
      {groups.map((name) => {
        const inputs = DEAL_INPUTS.filter(({ group }) => group === name);
        const hasWrong = inputs.some(({ path }) => props.wrong[path]);
        return (
          <details key={name} className={styles.more} open={hasWrong || undefined}>
            <summary>{name}: assumptions</summary>
            <Inputs {...props} title={name} inputs={inputs} />
          </details>
        );
      })}
    </div>
  );
}

function Inputs({
  answer,
  medianRent,
  typed,
  wrong,
  onType,
  inputs,
  title,
}: FormProps & { title: string; inputs: DealInput[] }) {
  return (
    <fieldset className={styles.inputs}>
      <legend className="visually-hidden">{title}</legend>
      {inputs.map((input) => (
        <TextField
          key={input.path}
          label={`${input.name}, ${input.unit}`}
          inputMode="decimal"
          value={typed[input.path] ?? ''}
          placeholder={answer ? assumed({ ...answer, facts: { median_rent: medianRent } }, input) : ''}
          error={wrong[input.path]}
          onChange={(event) => onType(input.path, event.target.value)}
        />
      ))}
    </fieldset>
  );
}
