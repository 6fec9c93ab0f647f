import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeToast, readToasts, restToasts, showToast, undoToast } from '../../src/web/ui/toasts.ts';

const shown = () => readToasts().map(({ message }) => message);

describe('messages', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    restToasts(false);
    for (const { id } of readToasts()) closeToast(id);
    vi.useRealTimers();
  });

  it('go after their time; errors stay', () => {
    showToast('Tagged.');
    showToast('No connection.', { isError: true });
    vi.advanceTimersByTime(8_000);
    expect(shown()).toEqual(['No connection.']);
  });

  it('stay while somebody is at them, and some seconds after', () => {
    showToast('Tagged.');
    vi.advanceTimersByTime(7_900);
    restToasts(true);
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual(['Tagged.']);
    restToasts(false);
    vi.advanceTimersByTime(2_900);
    expect(shown()).toEqual(['Tagged.']);
    vi.advanceTimersByTime(200);
    expect(shown()).toEqual([]);
  });

  it('are taken back newest first, once, and only those that can be', () => {
    const undone: string[] = [];
    showToast('one', { undo: () => undone.push('one') });
    showToast('two', { undo: () => undone.push('two') });
    showToast('three');
    expect(undoToast()?.message).toBe('two');
    expect(undoToast()?.message).toBe('one');
    expect(undoToast()).toBeUndefined();
    expect([undone, shown()]).toEqual([['two', 'one'], ['three']]);
  });

  it('tell when they are gone without being taken back, also when newer ones push them out', () => {
    const ended: string[] = [];
    const tell = (name: string) => ({ undo: () => undefined, onEnd: () => ended.push(name) });
    showToast('undone', tell('undone'));
    undoToast();
    showToast('pushed', tell('pushed'));
    for (const name of ['a', 'b', 'c', 'd']) showToast(name);
    expect(ended).toEqual(['pushed']);
    showToast('timed', tell('timed'));
    vi.advanceTimersByTime(8_000);
    expect(ended).toEqual(['pushed', 'timed']);
  });
});
