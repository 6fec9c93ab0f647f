/** A reason of a score: what it adds (or takes) against a property of which nothing is known, in points. */
export interface Reason {
  code: string;
  label: string;
  contribution: number;
  sources: string[];
}

/** A part of a score: `contribution` of at most `possible` points. */
export interface Part {
  name: string;
  contribution: number;
  possible: number;
  isKnown: boolean;
}

/** The reasons in a score's answer; what is not one is left out. */
export function readReasons(value: unknown): Reason[] {
  return records(value).flatMap(({ code, label, contribution, sources }) =>
    typeof code === 'string' && typeof label === 'string'
      ? [{ code, label, contribution: Number(contribution) || 0, sources: strings(sources) }]
      : [],
  );
}

/** The parts in a score's answer, the heaviest first. */
export function readParts(value: unknown): Part[] {
  return records(value)
    .flatMap(({ name, contribution, weight, value: raw }) =>
      typeof name === 'string'
        ? [
            {
              name,
              contribution: Number(contribution) || 0,
              possible: (Number(weight) || 0) * 100,
              isKnown: raw !== null && raw !== undefined,
            },
          ]
        : [],
    )
    .sort((a, b) => b.possible - a.possible);
}

/** What speaks for the property, what against it, each the strongest first, and remarks that move nothing. */
export function splitReasons(reasons: readonly Reason[]): { raises: Reason[]; lowers: Reason[]; remarks: Reason[] } {
  return {
    raises: reasons.filter(({ contribution }) => contribution > 0).sort((a, b) => b.contribution - a.contribution),
    lowers: reasons.filter(({ contribution }) => contribution < 0).sort((a, b) => a.contribution - b.contribution),
    remarks: reasons.filter(({ contribution }) => contribution === 0),
  };
}

/** Where the score begins: that of a property of which nothing is known. The reasons lead from there to the score. */
export function startingPoint(score: number, reasons: readonly Reason[]): number {
  return score - reasons.reduce((sum, { contribution }) => sum + contribution, 0);
}

/** The parts that miss most of their points, those first that miss most; at least half a point each. */
export function missingPoints(parts: readonly Part[], count: number): Array<Part & { missed: number }> {
  return parts
    .map((part) => ({ ...part, missed: part.possible - part.contribution }))
    .filter(({ missed }) => missed >= 0.5)
    .sort((a, b) => b.missed - a.missed)
    .slice(0, count);
}

/** The next threshold worth asking for: 80, or the next ten above a score that has passed it. */
export function nextTarget(score: number): number {
  return score < 80 ? 80 : Math.min(100, Math.floor(score / 10) * 10 + 10);
}

function records(value: unknown): Array<Record<string, unknown>> {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
