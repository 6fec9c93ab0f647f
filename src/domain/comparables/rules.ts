/** Metres of an international mile. */
export const METRES_PER_MILE = 1609.344;

/** How far a sale may be from the subject and still count. */
export interface ComparableLimits {
  radiusMiles: number;
  /** Calendar months before the date of the value. */
  months: number;
  /** Share by which the living area may be larger or smaller. */
  sqftTolerance: number;
}

export type ComparableLimit = keyof ComparableLimits;

/** What counts as a comparable: the contents of `config/comparables.yaml`. */
export interface ComparableRules {
  version: string;
  limits: ComparableLimits;
  minChosen: number;
  maxChosen: number;
  samePropertyType: boolean;
  /** How many left-out sales are listed. */
  excludedShown: number;
  /** Steps taken one after the other until `minChosen` sales are found. */
  widening: ReadonlyArray<Partial<ComparableLimits>>;
}

/** The limits after some widening, with the steps that led there, such as `radius 0.5 → 1 mi`. */
export interface LimitsStage {
  limits: ComparableLimits;
  steps: readonly string[];
}

/** The limits in words: `0.5 mi, 12 months, ±20% living area`. */
export function describeLimits({ radiusMiles, months, sqftTolerance }: ComparableLimits): string {
  return `${radiusMiles} mi, ${months} months, ±${percent(sqftTolerance)} living area`;
}

/**
 * The limits to try, narrowest first. Limits given by a person are kept as they are; a step that widens nothing is left
 * out.
 */
export function limitStages(rules: ComparableRules, given: Partial<ComparableLimits> = {}): LimitsStage[] {
  let stage: LimitsStage = { limits: { ...rules.limits, ...definedOf(given) }, steps: [] };
  const stages = [stage];
  for (const step of rules.widening) {
    const wider = { ...stage.limits };
    for (const [name, value] of Object.entries(step) as Array<[ComparableLimit, number | undefined]>) {
      if (given[name] === undefined && value !== undefined) wider[name] = Math.max(wider[name], value);
    }
    const words = wordsOf(stage.limits, wider);
    if (words === '') continue;
    stage = { limits: wider, steps: [...stage.steps, words] };
    stages.push(stage);
  }
  return stages;
}

function wordsOf(from: ComparableLimits, to: ComparableLimits): string {
  return [
    from.radiusMiles < to.radiusMiles ? `radius ${from.radiusMiles} → ${to.radiusMiles} mi` : '',
    from.months < to.months ? `${from.months} → ${to.months} months` : '',
    from.sqftTolerance < to.sqftTolerance
      ? `living area ±${percent(from.sqftTolerance)} → ±${percent(to.sqftTolerance)}`
      : '',
  ]
    .filter((words) => words !== '')
    .join(', ');
}

function definedOf(given: Partial<ComparableLimits>): Partial<ComparableLimits> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))}%`;
