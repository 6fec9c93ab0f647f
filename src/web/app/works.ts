import { useSyncExternalStore } from 'react';
import { onUserChange } from './session.ts';

/** Work on many things that goes on while its screen is left. */
export interface Work {
  /** Names the kind; one of each at a time. */
  key: string;
  /** What is being done: "Tagging". */
  words: string;
  /** The screen that it belongs to. */
  to: string;
  done: number;
  total: number;
  /** Nobody has counted the total. */
  isEstimate: boolean;
  /** What else is to be told of it, such as its size. */
  note: string | null;
  failed: number;
  /** What it waits for, in words; null while it goes on. */
  waitsFor: string | null;
  stop(): void;
}

const listeners = new Set<() => void>();
let works: readonly Work[] = [];
let outcomes: ReadonlyMap<string, unknown> = new Map();

/** All work that is under way. */
export function useWorks(): readonly Work[] {
  return useSyncExternalStore(subscribe, () => works);
}

/** The work of that kind; undefined while there is none. */
export function useWork(key: string): Work | undefined {
  return useWorks().find((one) => one.key === key);
}

/** What came of the last work of that kind, until it is put away; undefined without any. */
export function useOutcome<T>(key: string): T | undefined {
  return useSyncExternalStore(subscribe, () => outcomes.get(key) as T | undefined);
}

/** Keeps what came of work for its screen, which may have been left; undefined puts it away. */
export function keepOutcome(key: string, outcome: unknown): void {
  const next = new Map(outcomes);
  if (outcome === undefined) next.delete(key);
  else next.set(key, outcome);
  outcomes = next;
  tell();
}

/**
 * Begins work: it is shown on every screen, and the browser asks before the tab is closed, until `end` is called.
 * Signing out stops it.
 */
export function beginWork(start: Pick<Work, 'key' | 'words' | 'to' | 'total'> & Partial<Pick<Work, 'isEstimate'>>) {
  const stopper = new AbortController();
  const begun = { done: 0, failed: 0, isEstimate: false, note: null, waitsFor: null };
  const own: Work = { ...begun, ...start, stop: () => stopper.abort() };
  set([...works.filter(({ key }) => key !== own.key), own]);
  let current = own;
  return {
    signal: stopper.signal,
    update(change: Partial<Pick<Work, 'done' | 'total' | 'failed' | 'note' | 'waitsFor'>>): void {
      const next = { ...current, ...change };
      set(works.map((one) => (one === current ? next : one)));
      current = next;
    },
    end: () => set(works.filter((one) => one !== current)),
  };
}

onUserChange(() => {
  for (const { stop } of works) stop();
  outcomes = new Map();
  tell();
});

function set(next: readonly Work[]): void {
  if (works.length === 0 && next.length > 0) window.addEventListener('beforeunload', ask);
  if (next.length === 0) window.removeEventListener('beforeunload', ask);
  works = next;
  tell();
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
