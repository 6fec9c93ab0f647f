import { messageOf, ReosError } from '../domain/errors.ts';

/** Told what a slow step is doing, in words for the person who waits. */
export type OnProgress = (message: string) => void;

/** Thrown by a rung that has nothing to try, as against one whose find is broken. */
export class Absent extends Error {
  override readonly name = 'Absent';
}

/** One way to get a part. */
export type Rung<T> = {
  /** What is tried, in words: "temporal on PATH". */
  name: string;
  /** Finds and proves the part, or throws with the reason. */
  find: () => Promise<T>;
  /** True when `find` downloads, builds or unpacks: `doctor` never does that. */
  heavy?: boolean;
  /** What a heavy rung would do, when its preconditions hold, else null. Cheap. */
  plan?: () => string | null;
};

/** The outcome of looking at a ladder without installing anything. `broken` are the reasons worth a remark. */
export type LadderView<T> = {
  found: T | null;
  rung: string | null;
  plan: string | null;
  reasons: string[];
  broken: string[];
};

/**
 * The first rung that holds. Each failure keeps its reason.
 * @throws ReosError 'missing_part': which part, what was tried, the next step
 */
export async function climb<T>(part: string, rungs: Rung<T>[], nextStep: string): Promise<T> {
  const reasons: string[] = [];
  for (const rung of rungs) {
    try {
      return await rung.find();
    } catch (error) {
      reasons.push(`${rung.name}: ${messageOf(error)}`);
    }
  }
  const tried = reasons.map((reason, index) => `  ${index + 1}. ${reason}`).join('\n');
  throw new ReosError('missing_part', `${part} cannot be had. Tried:\n${tried}\nNext step: ${nextStep}`, {
    details: { part },
  });
}

/** Looks at the light rungs in order; where a heavy one would come first, says what it would do instead. */
export async function lookAt<T>(rungs: Rung<T>[]): Promise<LadderView<T>> {
  const reasons: string[] = [];
  const broken: string[] = [];
  for (const rung of rungs) {
    if (rung.heavy) {
      const plan = rung.plan?.() ?? null;
      if (plan) return { found: null, rung: rung.name, plan, reasons, broken };
      reasons.push(`${rung.name}: not possible here`);
      continue;
    }
    try {
      return { found: await rung.find(), rung: rung.name, plan: null, reasons, broken };
    } catch (error) {
      reasons.push(`${rung.name}: ${messageOf(error)}`);
      if (!(error instanceof Absent)) broken.push(`${rung.name}: ${messageOf(error)}`);
    }
  }
  return { found: null, rung: null, plan: null, reasons, broken };
}
