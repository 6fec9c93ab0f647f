import type { ChannelKind } from './contact.ts';

/** Why a follow-up waits, until its day comes. */
export const FOLLOW_UP_HOLD = 'The follow-up is due then.';

const DAY_MS = 86_400_000;

/** One step of a sequence; `waitDays` counts from the step before. */
export interface SequenceStep {
  step: number;
  channel: ChannelKind;
  waitDays: number;
}

/**
 * The step that follows a sent one, and when it is due. A step whose channel the recipient has no address for is left
 * out, so that the ones behind it still come. Null at the end of the sequence.
 */
export function nextStep<S extends SequenceStep>(
  steps: readonly S[],
  sent: { step: number; at: Date },
  hasAddress: (channel: ChannelKind) => boolean,
): { step: S; dueAt: Date } | null {
  const next = steps
    .filter(({ step, channel }) => step > sent.step && hasAddress(channel))
    .sort((a, b) => a.step - b.step)[0];
  return next === undefined ? null : { step: next, dueAt: new Date(sent.at.getTime() + next.waitDays * DAY_MS) };
}
