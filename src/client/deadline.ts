import type { Client } from '@temporalio/client';
import { ReosError } from '../domain/errors.ts';

/** How long a person's order to a workflow is waited for. */
const ORDER_TIMEOUT_MS = 10_000;
// gRPC's codes for a server or worker that is away, busy, or too slow.
const PASSING = new Set([1, 4, 8, 9, 10, 14]);

/**
 * The door, each of whose orders is waited for 10 s at most. What an order led to by then stays.
 * @throws ReosError (each method) `transient` when no worker took the order in time, or Temporal does not answer
 */
export function inTime<T extends object>(client: Client, door: T): T {
  const methods = Object.entries(door).map(([name, order]) => [
    name,
    (...args: unknown[]) => withinDeadline(client, () => (order as (...args: unknown[]) => Promise<unknown>)(...args)),
  ]);
  return Object.fromEntries(methods) as T;
}

async function withinDeadline(client: Client, give: () => Promise<unknown>): Promise<unknown> {
  try {
    return await client.withDeadline(Date.now() + ORDER_TIMEOUT_MS, give);
  } catch (error) {
    if (!isPassing(error)) throw error;
    throw new ReosError(
      'transient',
      `The order was not carried out within ${ORDER_TIMEOUT_MS / 1000} s: no worker had time for it, or Temporal is away. Look at the present state, then ask again.`,
      { cause: error },
    );
  }
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError') return true;
  if ('code' in error && typeof error.code === 'number') return PASSING.has(error.code);
  return isPassing(error.cause);
}
