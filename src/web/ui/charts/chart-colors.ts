import { useEffect, useState } from 'react';
import { useTheme } from '../../app/theme.ts';
import { useSystemDark } from '../system-dark.ts';

/** The tokens that charts are drawn with, as the browser has them now. */
export interface ChartColors {
  series: readonly string[];
  text: string;
  line: string;
  surface: string;
  tones: Record<'bad' | 'warn' | 'good' | 'info', string>;
  font: string;
}

/** Colours of the theme; others as soon as the theme changes, by choice or by the system. */
export function useChartColors(): ChartColors {
  const [theme] = useTheme();
  const isSystemDark = useSystemDark();
  const [colors, setColors] = useState(readColors);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is what the tokens depend on
  useEffect(() => setColors(readColors()), [theme, isSystemDark]);
  return colors;
}

function readColors(): ChartColors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    series: [1, 2, 3, 4, 5, 6].map((index) => token(`series-${index}`)),
    text: token('text-2'),
    line: token('line'),
    surface: token('surface'),
    tones: { bad: token('bad'), warn: token('warn'), good: token('good'), info: token('info') },
    font: token('font'),
  };
}
