import { useSyncExternalStore } from 'react';
import { type components, createApiClient, take } from '../../sdk/client.ts';

type SessionAnswer = components['schemas']['Session'];
export type User = SessionAnswer['user'];

/** Who is signed in, as every tab of this browser knows it. */
export interface Session {
  accessToken: string;
  refreshToken: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  user: User;
}

/** `ended`: the session that this tab had is no longer valid; what is on the screen stays, and sign-in is asked over it. */
export type SessionState = { session: Session; ended: boolean } | null;

const KEY = 'reos.session';
/** A token is renewed this long before it ends, so that no request is sent with one that ends on the way. */
const RENEW_BEFORE_MS = 30_000;

const listeners = new Set<() => void>();
let state: SessionState = fromStorage();

window.addEventListener('storage', (event) => {
  if (event.key !== KEY) return;
  const stored = fromStorage();
  // Signed out in another tab: this one shows it too. The same person signed in again: go on.
  set(stored, false);
});

/** The session of this tab; null when nobody is signed in. */
export function useSession(): SessionState {
  return useSyncExternalStore(subscribe, readSession);
}

/** The same, outside components. */
export function readSession(): SessionState {
  return state;
}

/** Keeps the answer of register, login, or an accepted invitation. */
export function beginSession(answer: SessionAnswer): void {
  set({ session: sessionOf(answer), ended: false }, true);
}

/** Signs out here and on the server; without the server, here alone. */
export async function endSession(): Promise<void> {
  const was = state;
  set(null, true);
  if (was === null) return;
  const call = plainClient.POST('/api/v1/auth/logout', { body: { refresh_token: was.session.refreshToken } });
  // Nobody is told: the tokens are gone from this browser, and the server's copy ends by itself.
  await call.catch(() => undefined);
}

/**
 * An access token that works now: renewed when it is about to end. Only one tab renews at a time, since a refresh token
 * works once.
 * @param isRefused the last one was answered 401, so it is renewed whatever its time
 * @returns undefined when nobody is signed in, or the session has ended
 */
export async function credential(isRefused?: string): Promise<string | undefined> {
  const held = state;
  if (held === null || held.ended) return undefined;
  if (isFresh(held.session, isRefused)) return held.session.accessToken;
  return withLock(async () => {
    // Another tab may have renewed it while this one waited.
    const stored = fromStorage();
    if (stored === null) {
      set(null, false);
      return undefined;
    }
    if (isFresh(stored.session, isRefused)) {
      set(stored, false);
      return stored.session.accessToken;
    }
    return renew(stored.session);
  });
}

async function renew(session: Session): Promise<string | undefined> {
  const { data, response } = await refreshRaw(session.refreshToken);
  if (data !== undefined) {
    const next = sessionOf(data);
    set({ session: next, ended: false }, true);
    return next.accessToken;
  }
  if (response.status === 401 || response.status === 403) {
    set({ session, ended: true }, false);
    return undefined;
  }
  // Busy or away: the old token is tried, and its answer says what is wrong.
  return session.accessToken;
}

async function refreshRaw(token: string): Promise<{ data: SessionAnswer | undefined; response: Response }> {
  const response = await fetch('/api/v1/auth/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
    body: JSON.stringify({ refresh_token: token }),
  });
  return { data: response.ok ? ((await response.json()) as SessionAnswer) : undefined, response };
}

/** Calls without a session: signing in and up. */
export const plainClient = createApiClient({ baseUrl: window.location.origin });

/** Signs in; rejects with ApiProblem. */
export async function signIn(email: string, password: string, tenant?: string): Promise<void> {
  const body = { email, password, ...(tenant === undefined || tenant === '' ? {} : { tenant }) };
  beginSession(await take<SessionAnswer>(plainClient.POST('/api/v1/auth/login', { body })));
}

function isFresh(session: Session, refused: string | undefined): boolean {
  return session.accessToken !== refused && session.expiresAt - RENEW_BEFORE_MS > Date.now();
}

function sessionOf(answer: SessionAnswer): Session {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: Date.now() + answer.expires_in * 1_000,
    user: answer.user,
  };
}

function withLock<T>(work: () => Promise<T>): Promise<T> {
  // Pages that are not served from a secure place (plain http of another machine) have no locks.
  return navigator.locks === undefined ? work() : (navigator.locks.request(KEY, work) as Promise<T>);
}

function fromStorage(): SessionState {
  const text = localStorage.getItem(KEY);
  if (text === null) return null;
  try {
    const session = JSON.parse(text) as Session;
    return typeof session.refreshToken === 'string' ? { session, ended: false } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function set(next: SessionState, isStored: boolean): void {
  state = next;
  if (isStored) {
    if (next === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(next.session));
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
