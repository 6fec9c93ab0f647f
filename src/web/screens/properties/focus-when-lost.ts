/** When what was pressed goes away with the focus, the keys go on at what `find` gives; nothing else is disturbed. */
export function focusWhenLost(find: () => HTMLElement | null | undefined): void {
  const take = () => {
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    find()?.focus({ preventScroll: true });
  };
  // The address changes first, and with it what is shown.
  for (const ms of [0, 100, 400]) setTimeout(take, ms);
}
