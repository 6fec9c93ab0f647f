import { useEffect } from 'react';
import { ApiProblem } from '../../../sdk/problem.ts';
import { client } from '../../app/api.ts';
import { onUserChange } from '../../app/session.ts';

/** Marks go in one request for many: after so long, or when the list is left. */
const AFTER_MS = 20_000;
const MOST = 100;
/** A property is looked at when its detail stays so long. */
const LOOKED_MS = 800;

const waiting = new Set<string>();
const sent = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

// Marks are each person's own.
onUserChange(() => {
  waiting.clear();
  sent.clear();
});

/** Sends the marks that wait. One that could not be sent is sent with the next. */
export async function sendSeen(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  const ids = [...waiting].slice(0, MOST);
  if (ids.length === 0) return;
  for (const id of ids) {
    waiting.delete(id);
    sent.add(id);
  }
  try {
    await client.POST('/api/v1/properties/seen', { body: { property_ids: ids, seen: true }, keepalive: true });
  } catch (error) {
    // What the API refuses it refuses again.
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) return;
    for (const id of ids) {
      sent.delete(id);
      waiting.add(id);
    }
  }
}

/** Marks the property whose detail is open as looked at by whoever is signed in, for the queue “Not looked at yet”. */
export function useSeen(propertyId: string | undefined): void {
  useEffect(() => {
    if (propertyId === undefined || sent.has(propertyId)) return;
    const looked = setTimeout(() => {
      waiting.add(propertyId);
      if (waiting.size >= MOST) void sendSeen();
      else timer ??= setTimeout(() => void sendSeen(), AFTER_MS);
    }, LOOKED_MS);
    return () => clearTimeout(looked);
  }, [propertyId]);
  useEffect(() => {
    const onHide = () => void sendSeen();
    window.addEventListener('pagehide', onHide);
    return () => {
      window.removeEventListener('pagehide', onHide);
      onHide();
    };
  }, []);
}
