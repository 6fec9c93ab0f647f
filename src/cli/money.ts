/** Whole dollars as a person reads them, such as $412,000; `none` where nothing is known. */
export function usd(dollars: number | null | undefined, none = ''): string {
  if (dollars === null || dollars === undefined) return none;
  return `${dollars < 0 ? '-' : ''}$${Math.abs(Math.round(dollars)).toLocaleString('en-US')}`;
}
