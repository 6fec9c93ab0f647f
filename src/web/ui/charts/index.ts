export { type Bar, BarChart } from './bar-chart.tsx';
export type { ChartMark, ChartPoint, ChartSeries } from './chart-data.ts';
export { type Contribution, ContributionChart } from './contribution-chart.tsx';
export { LineChart } from './line-chart.tsx';
export { Sparkline } from './sparkline.tsx';
