/** Which sales a person takes in or leaves out, and how far the search goes; null: as the rules have it. */
export interface Choice {
  include: string[];
  exclude: string[];
  radiusMiles: number | null;
  months: number | null;
}

export const NO_CHOICE: Choice = { include: [], exclude: [], radiusMiles: null, months: null };

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST = 50;

/**
 * The choice in an address, `2df24658~-<id>~+<id>~r0.5~m12`; that of another property counts as none, so that stepping
 * through a list does not carry it along.
 */
export function readChoice(text: unknown, propertyId: string): Choice {
  if (typeof text !== 'string') return NO_CHOICE;
  const [owner, ...parts] = text.split('~');
  if (owner !== propertyId.slice(0, 8)) return NO_CHOICE;
  const idsAfter = (sign: string) =>
    [...new Set(parts.filter((part) => part[0] === sign && ID.test(part.slice(1))).map((part) => part.slice(1)))].slice(
      0,
      MOST,
    );
  const numberAfter = (letter: string, low: number, high: number) => {
    const value = Number(parts.find((part) => part[0] === letter)?.slice(1));
    return Number.isFinite(value) && value >= low && value <= high ? value : null;
  };
  return {
    include: idsAfter('+'),
    exclude: idsAfter('-'),
    radiusMiles: numberAfter('r', 0.01, 15),
    months: numberAfter('m', 1, 120),
  };
}

/** The choice as it stands in an address; undefined when there is none. */
export function writeChoice(choice: Choice, propertyId: string): string | undefined {
  if (isUntouched(choice)) return undefined;
  return [
    propertyId.slice(0, 8),
    ...choice.exclude.map((id) => `-${id}`),
    ...choice.include.map((id) => `+${id}`),
    ...(choice.radiusMiles === null ? [] : [`r${choice.radiusMiles}`]),
    ...(choice.months === null ? [] : [`m${choice.months}`]),
  ].join('~');
}

/** True when everything is as the rules have it. */
export function isUntouched({ include, exclude, radiusMiles, months }: Choice): boolean {
  return include.length === 0 && exclude.length === 0 && radiusMiles === null && months === null;
}

/** Takes a sale in or leaves it out. `isByRules`: the rules alone would have it in. */
export function choose(choice: Choice, saleId: string, isIn: boolean, isByRules: boolean): Choice {
  const without = (ids: string[]) => ids.filter((id) => id !== saleId);
  const include = without(choice.include);
  const exclude = without(choice.exclude);
  if (isIn && !isByRules) include.push(saleId);
  if (!isIn && isByRules) exclude.push(saleId);
  return { ...choice, include: include.slice(-MOST), exclude: exclude.slice(-MOST) };
}

/** How far one value is from another, as a share of the other; null without both. */
export function shareApart(value: number | null, from: number | null): number | null {
  return value === null || from === null || from === 0 ? null : value / from - 1;
}
