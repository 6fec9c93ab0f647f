import { type FormEvent, useState } from 'react';
import { api } from '../../app/api.ts';
import { formatPercent } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './market.module.css';

const WORDS = {
  accept: { title: 'Accept the recommendation', verb: 'Accept', hint: 'Optional: how it will be done, and by whom.' },
  reject: {
    title: 'Reject the recommendation',
    verb: 'Reject',
    hint: 'Why: the next reader sees it. The issue stays away until it is worse or its time has passed.',
  },
  close: { title: 'Close it as dealt with', verb: 'Close', hint: 'Optional: what was done.' },
} as const;

/** Asks for the reason of a decision; a rejection needs one. */
export function DecisionForm({
  deed,
  busy,
  onCancel,
  onDecide,
}: {
  deed: keyof typeof WORDS;
  busy: boolean;
  onCancel: () => void;
  onDecide: (reason: string) => void;
}) {
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const { title, verb, hint } = WORDS[deed];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isLacking = deed === 'reject' && reason.trim() === '';
    setMissing(isLacking);
    if (!isLacking) onDecide(reason.trim());
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <h3>{title}</h3>
      <TextAreaField
        label="Reason"
        hint={hint}
        maxLength={2_000}
        value={reason}
        autoFocus
        error={isMissing ? 'A rejection needs a reason' : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
      <p className="row">
        <Button type="submit" variant={deed === 'reject' ? 'danger' : 'primary'} busy={busy}>
          {verb}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
      </p>
    </form>
  );
}

/** Asks what came of a recommendation: recalibration learns from it. */
export function OutcomeForm({ id, onDone }: { id: string; onDone: () => void }) {
  const [outcome, setOutcome] = useState('');
  const [actual, setActual] = useState('');
  const [note, setNote] = useState('');
  const [error, setError] = useState<string | null>(null);
  const record = api.useMutation('post', '/api/v1/decision-packets/{id}/outcome');
  const value = actual.trim() === '' ? undefined : Number(actual.replaceAll(/[$,\s]/g, ''));
  const isWrong = value !== undefined && !Number.isFinite(value);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (outcome === '') {
      setError('Say whether it came true.');
      return;
    }
    if (isWrong) return;
    try {
      const answer = await record.mutateAsync({
        params: { path: { id } },
        body: {
          outcome: outcome === 'yes',
          ...(value === undefined ? {} : { actual_value: value }),
          ...(note.trim() === '' ? {} : { note: note.trim() }),
        },
      });
      const accuracy = answer.prediction_accuracy;
      showToast(
        accuracy === null
          ? 'The outcome is kept'
          : `The outcome is kept: the prediction was ${formatPercent(accuracy, 0)} right`,
      );
      onDone();
    } catch (refused) {
      setError(messageOf(refused));
    }
  };
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      <h3>What came of it</h3>
      <SelectField label="Did it come true?" value={outcome} onChange={(event) => setOutcome(event.target.value)}>
        <option value="">Choose</option>
        <option value="yes">Yes, what was said happened</option>
        <option value="no">No, it did not</option>
      </SelectField>
      <TextField
        label="Actual value in dollars"
        hint="Optional: what it cost (below 0) or brought."
        inputMode="decimal"
        value={actual}
        error={isWrong ? 'Write a number, such as -120000' : undefined}
        onChange={(event) => setActual(event.target.value)}
      />
      <TextAreaField label="Note" maxLength={2_000} value={note} onChange={(event) => setNote(event.target.value)} />
      {error && (
        <p role="alert" className="error-text">
          {error}
        </p>
      )}
      <p className="row">
        <Button type="submit" variant="primary" busy={record.isPending}>
          Record outcome
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </p>
    </form>
  );
}
