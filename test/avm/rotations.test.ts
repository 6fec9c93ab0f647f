import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rotations } from '../../src/avm/rotations.ts';
import { inventSales } from './synthetic-market.ts';

it('values every sale once, by all the others but its fifth', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 60 }), (count) => {
      const sales = inventSales({ sales: count });
      const turns = rotations(sales);
      expect(turns).toHaveLength(5);
      for (const turn of turns) {
        expect(new Set(turn.sales)).toEqual(new Set(sales));
        expect(turn.sales).toHaveLength(count);
        expect(turn.sales.slice(turn.to)).toEqual(turn.positions.map((at) => sales[at]));
      }
      expect(turns.flatMap(({ positions }) => positions).sort((a, b) => a - b)).toEqual(sales.map((_, at) => at));
    }),
    { numRuns: 10 },
  );
});
