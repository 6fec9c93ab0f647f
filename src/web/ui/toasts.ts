/** What has been done, told for some seconds. */
export interface Toast {
  id: number;
  message: string;
  isError: boolean;
  /** Takes the deed back. */
  undo?: (() => void) | undefined;
}

interface ToastOptions {
  undo?: () => void;
  isError?: boolean;
  /** Called once when the message is gone and was not undone: by its time, by its cross, or since newer ones came. */
  onEnd?: () => void;
}

const SHOWN_MS = 8_000;
/** After a rest it stays at least this long. */
const LEAST_MS = 3_000;
const MOST_SHOWN = 4;

interface Clock {
  leftMs: number;
  startedAt: number;
  timer: ReturnType<typeof setTimeout> | undefined;
  onEnd: (() => void) | undefined;
}

const listeners = new Set<() => void>();
const clocks = new Map<number, Clock>();
let toasts: readonly Toast[] = [];
let lastId = 0;
let isResting = false;

/** Tells what has been done for 8 seconds, with a way to take it back; errors stay until they are closed. */
export function showToast(message: string, { undo, isError = false, onEnd }: ToastOptions = {}): void {
  lastId += 1;
  const toast = { id: lastId, message, isError, undo };
  const clock = { leftMs: isError ? Number.POSITIVE_INFINITY : SHOWN_MS, startedAt: 0, timer: undefined, onEnd };
  clocks.set(toast.id, clock);
  if (!isResting) run(toast.id, clock);
  const next = [...toasts, toast];
  for (const old of next.slice(0, -MOST_SHOWN)) forget(old.id);
  set(next.slice(-MOST_SHOWN));
}

/** Puts a message away. */
export function closeToast(id: number): void {
  if (!toasts.some((one) => one.id === id)) return;
  set(toasts.filter((one) => one.id !== id));
  forget(id);
}

/** Takes back what the message tells; the newest that can be, without an id. The answer is what was taken back, if anything. */
export function undoToast(id?: number): Toast | undefined {
  const toast = toasts.findLast((one) => one.undo !== undefined && (id === undefined || one.id === id));
  if (toast === undefined) return undefined;
  const clock = clocks.get(toast.id);
  if (clock !== undefined) clock.onEnd = undefined;
  closeToast(toast.id);
  toast.undo?.();
  return toast;
}

/** While somebody reads or reaches for a message, none of them goes. */
export function restToasts(rests: boolean): void {
  if (rests === isResting) return;
  isResting = rests;
  for (const [id, clock] of clocks) {
    clearTimeout(clock.timer);
    if (rests) clock.leftMs = Math.max(LEAST_MS, clock.leftMs - (Date.now() - clock.startedAt));
    else run(id, clock);
  }
}

/** The messages that are shown, oldest first. */
export const readToasts = (): readonly Toast[] => toasts;

/** Hears when they change; the answer ends it. */
export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function run(id: number, clock: Clock): void {
  clock.startedAt = Date.now();
  if (Number.isFinite(clock.leftMs)) clock.timer = setTimeout(() => closeToast(id), clock.leftMs);
}

function forget(id: number): void {
  const clock = clocks.get(id);
  clocks.delete(id);
  clearTimeout(clock?.timer);
  clock?.onEnd?.();
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
