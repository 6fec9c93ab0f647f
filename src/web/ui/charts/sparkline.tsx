import styles from './charts.module.css';
import { sparkPath } from './spark-path.ts';

interface SparklineProps {
  /** In order; null is a gap. */
  values: ReadonlyArray<number | null>;
  /** What it shows in words: "Median price, 52 weeks: $410,000 to $436,000". */
  label: string;
  width?: number;
  height?: number;
}

/** A line as small as a word, with its last value as a dot. */
export function Sparkline({ values, label, width = 88, height = 24 }: SparklineProps) {
  const { path, end } = sparkPath(values, width, height);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path d={path} />
      {end && <circle cx={end.x} cy={end.y} r={2.5} />}
    </svg>
  );
}
