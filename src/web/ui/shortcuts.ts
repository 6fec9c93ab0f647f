import { useEffect, useRef } from 'react';

/**
 * Keys of a screen, by `event.key`: `{ j: next, k: previous, Enter: open }`. They rest while somebody types, while a
 * dialog is open, and with Ctrl, Alt or Meta.
 */
export function useShortcuts(keys: Readonly<Record<string, () => void>>): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || isBusy(event)) return;
      const act = current.current[event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function isBusy(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  const box = 'input[type="checkbox"], input[type="radio"]';
  if (target?.matches(box) && event.key !== 'Enter' && event.key !== ' ') return hasDialog();
  if (target?.closest('input, textarea, select, [contenteditable]')) return true;
  if (event.key === 'Enter' && target?.closest('a, button, summary')) return true;
  return hasDialog();
}

function hasDialog(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
