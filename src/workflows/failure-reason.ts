import { ActivityFailure, ApplicationFailure, ChildWorkflowFailure, TimeoutFailure } from '@temporalio/workflow';

/** The innermost message of a failed step: what the person reads, without Temporal's wrapping. */
export function failureReason(error: unknown): string {
  let current: unknown = error;
  while (
    current instanceof ActivityFailure ||
    current instanceof ChildWorkflowFailure ||
    current instanceof TimeoutFailure
  ) {
    if (!(current.cause instanceof Error)) break;
    current = current.cause;
  }
  if (current instanceof ApplicationFailure || current instanceof Error) return current.message;
  return String(current);
}
