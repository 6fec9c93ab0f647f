import { type FormEvent, useState } from 'react';
import { type FieldErrors, fieldErrorsOf, isToldByFields } from '../../lib/field-errors.ts';
import { messageOf } from '../../ui/states.tsx';

interface SubmitForm {
  onSubmit: (event: FormEvent) => void;
  isBusy: boolean;
  error: unknown;
  /** What is wrong, by the request's names of the fields. */
  fields: FieldErrors;
  /** What is wrong beside the fields. */
  message: string | undefined;
}

/** Sends a form once at a time. What was typed stays where it is when it is refused, and each field says what is wrong. */
export function useSubmitForm(work: () => Promise<void>, shownFields: readonly string[]): SubmitForm {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const send = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return {
    onSubmit: (event) => {
      event.preventDefault();
      void send();
    },
    isBusy,
    error,
    fields: fieldErrorsOf(error),
    message: error === undefined || isToldByFields(error, shownFields) ? undefined : messageOf(error),
  };
}
