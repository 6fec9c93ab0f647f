import { createHash } from 'node:crypto';
import { ReosError } from '../domain/errors.ts';
import type { SaleRecord } from '../domain/valuation/sale-record.ts';
import type { TrainingReport } from '../domain/valuation/training-result.ts';
import { FEW_ROWS, type Rotation, rotations } from './rotations.ts';

/** How the held-out sales are chosen. Without either: the last fifth; of few sales without dates every fifth in turn. */
export interface SplitOptions {
  /** YYYY-MM-DD: sales from this day on are held out. */
  testAfter?: string | undefined;
  /** Share of the sales, 0–0.9, that is held out: the latest. 0 holds none out. */
  testShare?: number | undefined;
  seed: number;
}

/** Sales in the order of learning: the training part first. */
export interface SplitSales {
  sales: SaleRecord[];
  trainRows: number;
  /** What is held out in turn: one part, or each of five. */
  turns: Rotation[];
  isDated: boolean;
  split: TrainingReport['split'];
  notes: string[];
}

const DEFAULT_SHARE = 0.2;
const LEAST_TRAIN = 60;
const LEAST_TEST = 20;

/**
 * Orders the sales by time and parts them. Sales without any dates, or all of one, are parted by a seeded hash of their
 * identity, which is said in the split's note.
 * @throws ReosError `validation` when there are too few sales, one distinct price, or a part would be too small
 */
export function splitSales(given: readonly SaleRecord[], options: SplitOptions): SplitSales {
  const notes: string[] = [];
  const dated = given.filter(({ closeDate }) => closeDate !== null);
  const oneDay = dated.every(({ closeDate }) => closeDate === dated[0]?.closeDate)
    ? (dated[0]?.closeDate ?? null)
    : null;
  const isDated = dated.length > given.length / 2 && oneDay === null;
  // Sales of one day tell nothing of time: they are learned from as those of a file without dates are.
  const undated = oneDay === null ? given : given.map((sale) => ({ ...sale, closeDate: null }));
  const sales = isDated ? inOrderOfTime(dated) : inOrderOfHash(undated, options.seed);
  if (isDated && dated.length < given.length) {
    notes.push(`${given.length - dated.length} sales without a date were left out.`);
  }
  refuseUseless(sales);
  const { turns, kind, testAfter, note } = isDated ? byTime(sales, options) : byHash(sales, options, oneDay);
  const trainRows = turns[0]!.to;
  const testRows = turns.reduce((sum, { positions }) => sum + positions.length, 0);
  if (trainRows < LEAST_TRAIN || (testRows > 0 && testRows < LEAST_TEST)) {
    throw new ReosError(
      'validation',
      `The split leaves ${trainRows} sales to learn from and ${testRows} to test on; at least ${LEAST_TRAIN} and ${LEAST_TEST} are needed. ${note} Choose another day with --test-after, or a share with --test-share.`,
      { details: { trainRows, testRows } },
    );
  }
  const split = { kind, testAfter, parts: turns.length, trainRows, testRows, note };
  return { sales, trainRows, turns, isDated, split, notes };
}

function refuseUseless(sales: readonly SaleRecord[]): void {
  if (sales.length < LEAST_TRAIN + LEAST_TEST) {
    throw new ReosError(
      'validation',
      `${sales.length === 1 ? 'There is 1 usable sale' : `There are ${sales.length} usable sales`}; a valuation model needs at least ${LEAST_TRAIN + LEAST_TEST}. See what was left out and why above, or bring a larger file.`,
      { details: { sales: sales.length } },
    );
  }
  const broken = sales.find(({ closePrice }) => !(closePrice > 0 && Number.isFinite(closePrice)));
  if (broken !== undefined) {
    throw new ReosError(
      'validation',
      `Row ${broken.row}: a price of ${broken.closePrice} is no price. Leave such rows out, or check which column is the price.`,
      { details: { row: broken.row } },
    );
  }
  const first = sales[0]!.closePrice;
  if (sales.every(({ closePrice }) => closePrice === first)) {
    throw new ReosError(
      'validation',
      `All ${sales.length} sales have the same price of $${first.toLocaleString('en-US')}: there is nothing to learn. Check which column is the price (--dry-run shows the mapping).`,
    );
  }
}

/** By close date; within a day by parcel and row, so that the order of the file does not matter. */
function inOrderOfTime(sales: readonly SaleRecord[]): SaleRecord[] {
  return [...sales].sort(
    (a, b) => compare(a.closeDate ?? '', b.closeDate ?? '') || compare(a.parcel ?? '', b.parcel ?? '') || a.row - b.row,
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function inOrderOfHash(sales: readonly SaleRecord[], seed: number): SaleRecord[] {
  const keyed = sales.map((sale) => ({
    sale,
    key: createHash('sha256')
      .update(`${seed}:${sale.parcel ?? ''}:${sale.parcel === null ? sale.row : ''}`)
      .digest('hex'),
  }));
  return keyed.sort((a, b) => compare(a.key, b.key) || a.sale.row - b.sale.row).map(({ sale }) => sale);
}

function byTime(sales: readonly SaleRecord[], { testAfter, testShare }: SplitOptions) {
  if (testAfter !== undefined) {
    const found = sales.findIndex((sale) => (sale.closeDate ?? '') >= testAfter);
    const trainRows = found === -1 ? sales.length : found;
    if (found === -1) {
      throw new ReosError(
        'validation',
        `No sale closed on or after ${testAfter}; the sales run from ${sales[0]?.closeDate} to ${sales.at(-1)?.closeDate}. Choose an earlier --test-after.`,
      );
    }
    const note = `Sales before ${testAfter} train, sales from that day on test; each is valued from sales before its own day.`;
    return { turns: [lastFrom(sales, trainRows)], kind: 'date' as const, testAfter, note };
  }
  const share = testShare ?? DEFAULT_SHARE;
  let trainRows = Math.round(sales.length * (1 - share));
  const cut = sales[trainRows]?.closeDate ?? null;
  // A day is never parted: its sales must not tell of each other across the split.
  while (cut !== null && trainRows > 0 && sales[trainRows - 1]?.closeDate === cut) trainRows -= 1;
  const note =
    cut === null
      ? 'Nothing is held out.'
      : `The latest ${Math.round(share * 100)}% of the sales (from ${cut} on) test; each is valued from sales before its own day.`;
  return { turns: [lastFrom(sales, trainRows)], kind: 'share' as const, testAfter: cut, note };
}

function byHash(sales: readonly SaleRecord[], { testShare, testAfter, seed }: SplitOptions, oneDay: string | null) {
  const why = oneDay === null ? 'The sales have no dates' : `All sales are dated ${oneDay}`;
  if (testAfter !== undefined) {
    throw new ReosError(
      'validation',
      `${why}, so --test-after cannot part them. Leave it out: a seeded share is held out then (--test-share).`,
    );
  }
  if (testShare === undefined && sales.length < FEW_ROWS) {
    const note = `${why}: a hash of the parcel (seed ${seed}) parts them into five, each part is valued by models of the other four, and no time is held out.`;
    return { turns: rotations(sales), kind: 'hash' as const, testAfter: null, note };
  }
  const share = testShare ?? DEFAULT_SHARE;
  const note = `${why}: ${Math.round(share * 100)}% chosen by a hash of the parcel (seed ${seed}) test, and no time is held out.`;
  const turns = [lastFrom(sales, Math.round(sales.length * (1 - share)))];
  return { turns, kind: 'hash' as const, testAfter: null, note };
}

/** One turn: the sales from a position on are held out. */
const lastFrom = (sales: readonly SaleRecord[], to: number): Rotation => ({
  sales: [...sales],
  to,
  positions: Array.from({ length: sales.length - to }, (_, i) => to + i),
});
