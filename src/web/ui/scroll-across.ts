/**
 * Brings one entry of a row that scrolls sideways to the row's middle. Unlike `scrollIntoView` it leaves alone where the
 * next Tab goes on from.
 */
export function scrollAcross(row: Element | null, selector: string): void {
  const entry = row?.querySelector(selector);
  if (!row || !entry) return;
  const [around, own] = [row.getBoundingClientRect(), entry.getBoundingClientRect()];
  row.scrollLeft += own.left - around.left - (around.width - own.width) / 2;
}
