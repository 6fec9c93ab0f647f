import { Plus } from 'lucide-react';
import { newKey } from '../../../sdk/new-key.ts';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import type { SectionProps } from './builder-section.ts';
import { newStep } from './campaign-draft.ts';
import { StepFields } from './step-fields.tsx';

/** The steps in their order, and one more. */
export function StepList({ draft, problems, set }: SectionProps) {
  const { steps, kind } = draft;
  const move = (index: number, by: -1 | 1) => {
    const moved = [...steps];
    const [step] = moved.splice(index, 1);
    if (step) moved.splice(index + by, 0, step);
    // The first leaves at once; each other one waits.
    set({ steps: moved.map((one, at) => ({ ...one, waitDays: at === 0 ? '' : one.waitDays || '4' })) });
  };
  const remove = (key: string) => {
    const rest = steps.filter((one) => one.key !== key);
    set({ steps: rest.map((one, at) => (at === 0 ? { ...one, waitDays: '' } : one)) });
    showToast('The step is removed.', { undo: () => set({ steps }) });
  };
  return (
    <>
      <ol className="stack">
        {steps.map((step, index) => (
          <StepFields
            key={step.key}
            step={step}
            index={index}
            count={steps.length}
            kind={kind}
            problems={problems}
            onChange={(next) => set({ steps: steps.map((one) => (one.key === step.key ? next : one)) })}
            onMove={(by) => move(index, by)}
            onRemove={() => remove(step.key)}
          />
        ))}
      </ol>
      <div className="row">
        <Button
          icon={<Plus size={16} />}
          disabled={steps.length >= 12}
          onClick={() => set({ steps: [...steps, newStep(kind, 'email', true, newKey())] })}
        >
          Add a follow-up
        </Button>
        <span className="small muted">
          A reply, a press on the button or an opt-out ends the sequence for that person.
        </span>
      </div>
    </>
  );
}
