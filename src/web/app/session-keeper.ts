import type { components } from '../../sdk/schema.ts';

type SessionAnswer = components['schemas']['Session'];
export type User = SessionAnswer['user'];

/** Who is signed in, as every tab of this browser knows it. */
export interface Session {
  accessToken: string;
  refreshToken: string;
  /** Milliseconds since 1970 on this device's clock: the server says a duration, never a time. */
  expiresAt: number;
  user: User;
}

/** `ended`: the session that this tab had is no longer valid; what is on the screen stays, and sign-in is asked over it. */
export type SessionState = { session: Session; ended: boolean } | null;

/** What a keeper needs of its browser and of the server. */
export interface SessionKeeperDeps {
  /** The text that all tabs share; null when there is none. */
  load(): string | null;
  /** Null forgets it. */
  save(text: string | null): void;
  /** Runs the work while no other tab does such work. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Takes a refresh token for the next pair; `status` is the answer's. Rejects when the server is away. */
  refresh(refreshToken: string): Promise<{ status: number; answer: SessionAnswer | undefined }>;
  /** Ms since 1970. */
  now(): number;
}

/** A token is renewed this long before it ends, so that no request is sent with one that ends on the way. */
export const RENEW_BEFORE_MS = 30_000;

export type SessionKeeper = ReturnType<typeof createSessionKeeper>;

/** Keeps the session of a tab in step with the other tabs' and with the server. */
export function createSessionKeeper(deps: SessionKeeperDeps) {
  const listeners = new Set<() => void>();
  const userListeners = new Set<() => void>();
  let state = fromText(deps.load());
  let renewing: Promise<string | undefined> | undefined;

  function set(next: SessionState, isSaved: boolean): void {
    const isOther = next?.session.user.id !== state?.session.user.id;
    state = next;
    if (isSaved) deps.save(next === null ? null : JSON.stringify(next.session));
    if (isOther) for (const listener of userListeners) listener();
    for (const listener of listeners) listener();
  }

  const isFresh = (session: Session, refused: string | undefined) =>
    session.accessToken !== refused && session.expiresAt - RENEW_BEFORE_MS > deps.now();

  async function renew(session: Session): Promise<string | undefined> {
    const { status, answer } = await deps.refresh(session.refreshToken);
    // Signed out, or in as somebody else, while the answer was on its way: that counts.
    const stored = fromText(deps.load());
    if (stored?.session.refreshToken !== session.refreshToken) {
      set(stored, false);
      return stored?.session.accessToken;
    }
    if (answer !== undefined) {
      const next = sessionOf(answer, deps.now());
      set({ session: next, ended: false }, true);
      return next.accessToken;
    }
    if (status === 401 || status === 403) {
      set({ session, ended: true }, false);
      return undefined;
    }
    // Busy: the old token is tried, and its answer says what is wrong.
    return session.accessToken;
  }

  const renewAlone = (refused: string | undefined) =>
    deps.alone(async () => {
      // Another tab may have renewed it, or signed out, while this one waited.
      const stored = fromText(deps.load());
      if (stored !== null && !isFresh(stored.session, refused)) return renew(stored.session);
      set(stored, false);
      return stored?.session.accessToken;
    });

  return {
    read: () => state,
    subscribe: (listener: () => void) => addTo(listeners, listener),
    /** Hears when it is another person, or nobody, before anything else hears it. */
    onUserChange: (listener: () => void) => addTo(userListeners, listener),
    /** Keeps the answer of register, login, or an accepted invitation. */
    begin: (answer: SessionAnswer) => set({ session: sessionOf(answer, deps.now()), ended: false }, true),
    /** Forgets the session in every tab; the answer is what it was. */
    end(): SessionState {
      const was = state;
      set(null, true);
      return was;
    },
    /** The user's own data have changed. */
    rename(user: User): void {
      if (state !== null) set({ ...state, session: { ...state.session, user } }, !state.ended);
    },
    /** Another tab has changed what is shared: signed out, renewed, or signed in again. */
    follow(): void {
      const stored = fromText(deps.load());
      if (JSON.stringify(stored?.session) !== JSON.stringify(state?.session)) set(stored, false);
    },
    /**
     * An access token that works now. Renewed once for all who ask at the same time, since a refresh token works once.
     * @param refused the token that was answered 401: it is renewed whatever its time
     * @returns undefined when nobody is signed in, or the session has ended
     */
    async credential(refused?: string): Promise<string | undefined> {
      if (state === null || state.ended) return undefined;
      if (isFresh(state.session, refused)) return state.session.accessToken;
      renewing ??= renewAlone(refused).finally(() => {
        renewing = undefined;
      });
      return renewing;
    },
    /** The token of the session that follows an ended one of the same person; undefined when none is to be waited for. */
    signedInAgain(signal: AbortSignal): Promise<string | undefined> {
      const userId = state?.session.user.id;
      if (state?.ended !== true || signal.aborted) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        const settle = () => {
          const isWaiting = state?.ended === true && state.session.user.id === userId && !signal.aborted;
          if (isWaiting) return;
          listeners.delete(settle);
          signal.removeEventListener('abort', settle);
          const isBack = state?.ended === false && state.session.user.id === userId;
          resolve(isBack && !signal.aborted ? state?.session.accessToken : undefined);
        };
        listeners.add(settle);
        signal.addEventListener('abort', settle);
      });
    },
  };
}

function sessionOf(answer: SessionAnswer, now: number): Session {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: now + answer.expires_in * 1_000,
    user: answer.user,
  };
}

/** What is shared, as a state; anything that is not a session counts as none. */
function fromText(text: string | null): SessionState {
  if (text === null) return null;
  try {
    const session = JSON.parse(text) as Partial<Session> | null;
    const isWhole = typeof session?.refreshToken === 'string' && typeof session.user?.id === 'string';
    return isWhole ? { session: session as Session, ended: false } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function addTo(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
