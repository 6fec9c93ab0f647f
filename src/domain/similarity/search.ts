import { SIMILARITY_DIMENSIONS } from './dimensions.ts';
import { DIMENSIONS, type SimilarityIndex } from './vector.ts';

/** A dimension's part in how alike two houses are. */
export interface DimensionMatch {
  dimension: string;
  label: string;
  /** How far apart the two are, in robust standard deviations of the market. */
  apart: number;
  /** The part of the cosine that it makes up; all 35 sum to the similarity. */
  contribution: number;
}

/** A house like the one asked about. */
export interface SimilarHouse {
  id: string;
  /** Cosine of the standardised vectors, −1 to 1. */
  similarity: number;
  /** The three dimensions that make them alike most. */
  alike: DimensionMatch[];
  /** The three in which they are furthest apart. */
  different: DimensionMatch[];
}

/**
 * The houses whose vectors point most the same way as the subject's (cosine), most similar first; equal ones by id.
 * O(n × 35) and one small sort; `passes` is asked about rows by number, before any arithmetic.
 * A subject that is the market's median in everything points nowhere: all similarities are 0 then.
 */
export function searchSimilar(
  index: SimilarityIndex,
  subjectRow: number,
  { limit, passes }: { limit: number; passes?: (row: number) => boolean },
): SimilarHouse[] {
  const best: Array<{ row: number; similarity: number }> = [];
  const before = (a: { row: number; similarity: number }, b: { row: number; similarity: number }) =>
    b.similarity - a.similarity || ((index.ids[a.row] ?? '') < (index.ids[b.row] ?? '') ? -1 : 1);
  const room = Math.max(limit * 4, 64);
  let bar = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < index.ids.length; row += 1) {
    if (row === subjectRow || passes?.(row) === false) continue;
    const similarity = cosine(index, subjectRow, row);
    if (similarity < bar) continue;
    best.push({ row, similarity });
    if (best.length < room) continue;
    best.sort(before).splice(limit);
    bar = best.at(-1)?.similarity ?? bar;
  }
  return best
    .sort(before)
    .slice(0, limit)
    .map(({ row, similarity }) => ({
      id: index.ids[row] ?? '',
      similarity,
      ...explainMatch(index, subjectRow, row),
    }));
}

/** Cosine of the angle between two rows; 0 when either points nowhere. */
export function cosine({ vectors, norms }: SimilarityIndex, a: number, b: number): number {
  const length = (norms[a] ?? 0) * (norms[b] ?? 0);
  if (!(length > 0)) return 0;
  let dot = 0;
  const ofA = a * DIMENSIONS;
  const ofB = b * DIMENSIONS;
  for (let d = 0; d < DIMENSIONS; d += 1) dot += vectors[ofA + d]! * vectors[ofB + d]!;
  return Math.max(-1, Math.min(1, dot / length));
}

function explainMatch(
  { vectors, norms }: SimilarityIndex,
  a: number,
  b: number,
): Pick<SimilarHouse, 'alike' | 'different'> {
  const length = (norms[a] ?? 0) * (norms[b] ?? 0);
  const all = SIMILARITY_DIMENSIONS.map(({ name, label }, d): DimensionMatch => {
    const x = vectors[a * DIMENSIONS + d] ?? 0;
    const y = vectors[b * DIMENSIONS + d] ?? 0;
    return { dimension: name, label, apart: Math.abs(x - y), contribution: length > 0 ? (x * y) / length : 0 };
  });
  return {
    alike: all.toSorted((p, q) => q.contribution - p.contribution || p.apart - q.apart).slice(0, 3),
    different: all.toSorted((p, q) => q.apart - p.apart || p.contribution - q.contribution).slice(0, 3),
  };
}
