import { z } from 'zod';
import { type SendWindow, sendWindowSchema } from './send-window.ts';

/** When a message may be received, in the recipient's own time: everywhere, and where a state's law is stricter. */
export const quietHoursSchema = z.strictObject({
  /** The channels that the rule is for. */
  channels: z.array(z.enum(['email', 'sms', 'mail'])),
  /** Everywhere: the federal rule. */
  everywhere: sendWindowSchema,
  /** By two-letter state. */
  states: z.record(z.string().regex(/^[A-Z]{2}$/), sendWindowSchema.safeExtend({ source: z.string().min(1) })),
});

export type QuietHours = z.infer<typeof quietHoursSchema>;

/**
 * The window of a channel in a state; null when the channel has no quiet hours. An unknown state gets the hours that
 * hold in every state: the strictest of all.
 */
export function allowedHours(
  rules: QuietHours,
  channel: 'email' | 'sms' | 'mail',
  state: string | null,
): SendWindow | null {
  if (!rules.channels.includes(channel)) return null;
  if (state !== null) return rules.states[state] ?? rules.everywhere;
  const all = [rules.everywhere, ...Object.values(rules.states)];
  return {
    days: rules.everywhere.days.filter((day) => all.every((window) => window.days.includes(day))),
    startHour: Math.max(...all.map((window) => window.startHour)),
    endHour: Math.min(...all.map((window) => window.endHour)),
  };
}
