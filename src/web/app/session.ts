import { useSyncExternalStore } from 'react';
import { type components, createApiClient, take } from '../../sdk/client.ts';
import { createSessionKeeper, type SessionState, type User } from './session-keeper.ts';
import { withLease } from './tab-lock.ts';

export type { Session, SessionState, User } from './session-keeper.ts';

type SessionAnswer = components['schemas']['Session'];

const KEY = 'reos.session';

const keeper = createSessionKeeper({
  load: () => localStorage.getItem(KEY),
  save: (text) => (text === null ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, text)),
  alone: <T>(work: () => Promise<T>) =>
    navigator.locks === undefined
      ? withLease(localStorage, `${KEY}.lock`, work)
      : (navigator.locks.request(KEY, work) as Promise<T>),
  refresh: async (token) => {
    const response = await fetch('/api/v1/auth/refresh', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ refresh_token: token }),
    });
    return { status: response.status, answer: response.ok ? ((await response.json()) as SessionAnswer) : undefined };
  },
  now: () => Date.now(),
});

window.addEventListener('storage', (event) => {
  // A null key: everything was cleared.
  if (event.key === KEY || event.key === null) keeper.follow();
});

/** The session of this tab; null when nobody is signed in. */
export function useSession(): SessionState {
  return useSyncExternalStore(keeper.subscribe, keeper.read);
}

/** The same, outside components. */
export const readSession = keeper.read;

/** Hears when somebody else, or nobody, is signed in. */
export const onUserChange = keeper.onUserChange;

/** Keeps the answer of register, login, or an accepted invitation. */
export function beginSession(answer: SessionAnswer): void {
  keeper.begin(answer);
}

/** The user's own data, as the server has them now. */
export function renameUser(user: User): void {
  keeper.rename(user);
}

/** Signs out here and on the server; without the server, here alone. */
export async function endSession(): Promise<void> {
  const was = keeper.end();
  if (was === null) return;
  const call = plainClient.POST('/api/v1/auth/logout', { body: { refresh_token: was.session.refreshToken } });
  // Nobody is told: the tokens are gone from this browser, and the server's copy ends by itself.
  await call.catch(() => undefined);
}

/**
 * An access token that works now: renewed when it is about to end, by one tab at a time.
 * @param refused the last one was answered 401, so it is renewed whatever its time
 * @returns undefined when nobody is signed in, or the session has ended
 */
export function credential(refused?: string): Promise<string | undefined> {
  return keeper.credential(refused);
}

/**
 * Where the session has ended: the token after the person has signed in again.
 * @returns undefined when the session has not ended, is left instead, is another person's, or the signal says that nobody waits
 */
export function signedInAgain(signal: AbortSignal): Promise<string | undefined> {
  return keeper.signedInAgain(signal);
}

/** Calls without a session: signing in and up. */
export const plainClient = createApiClient({ baseUrl: window.location.origin });

/** Signs in; rejects with ApiProblem. */
export async function signIn(email: string, password: string, tenant?: string): Promise<void> {
  const body = { email, password, ...(tenant === undefined || tenant === '' ? {} : { tenant }) };
  beginSession(await take<SessionAnswer>(plainClient.POST('/api/v1/auth/login', { body })));
}
