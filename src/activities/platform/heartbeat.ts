import { Context } from '@temporalio/activity';

/** Beats every few seconds while an activity works, so that a dead worker is noticed; carries the last detail given. */
export function startHeartbeat(): { beat(detail: unknown): void; stop(): void } {
  const context = Context.current();
  let detail: unknown;
  context.heartbeat();
  const timer = setInterval(() => context.heartbeat(detail), 5_000);
  return {
    beat: (next) => {
      detail = next;
      context.heartbeat(next);
    },
    stop: () => clearInterval(timer),
  };
}
