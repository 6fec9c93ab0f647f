/** A level that was normal before a stretch that stood out for so long that it became the new normal. */
export interface FormerNormal {
  /** On the judged scale, without the season. */
  level: number;
  /** The side on which the stretch stood out. */
  side: number;
  /** The last period in which a way back to it is nothing to tell of. */
  until: number;
}

/** Half a year: a glut of homes is sold off within it. */
const REMEMBERED_WEEKS = 26;

/** What was normal until the period in which something else became so. */
export const formerNormal = (level: number, side: number, at: number): FormerNormal => ({
  level,
  side,
  until: at + REMEMBERED_WEEKS,
});

/**
 * A distance from the new normal, without the way back to the former one: what lies between the two is no distance at all,
 * and beyond the former it is measured from there. On the side of the stretch itself the new normal alone counts.
 * @param distance from the new normal
 * @param fromFormer distance from the former one, at the same time
 */
export function beyondFormer(distance: number, fromFormer: number, { side }: FormerNormal): number {
  if (Math.sign(distance) !== -side || Number.isNaN(fromFormer)) return distance;
  if (Math.sign(fromFormer) !== Math.sign(distance)) return 0;
  return Math.abs(fromFormer) < Math.abs(distance) ? fromFormer : distance;
}
