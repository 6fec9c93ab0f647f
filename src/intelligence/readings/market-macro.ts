import { z } from 'zod';
import type { Reading } from '../warehouse.ts';

/** A published series between two days, both included. */
export interface MacroQuestion {
  series: string;
  from: string;
  to: string;
}

/** A value as published; of the 30-year mortgage rate, percent. */
export interface MacroValue {
  day: string;
  value: number;
}

/** Values of one series of raw.macro, oldest first. */
export const macroSeries: Reading<MacroQuestion, MacroValue> = {
  name: 'macro_series',
  sql: (d, { series, from, to }) => `SELECT ${d.day('date')} AS day, value FROM ${d.table('raw.macro')}
      WHERE series = ${d.bind(series, 'text')} AND date >= ${d.bind(from, 'date')} AND date <= ${d.bind(to, 'date')}
      ORDER BY date`,
  row: z.object({ day: z.string(), value: z.number() }),
};
