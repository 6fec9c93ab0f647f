import styles from './map.module.css';

/** What the colours of points say. */
export interface MapScale {
  /** "Score", "Price per sqft". */
  label: string;
  domain: readonly [number, number];
  format?: (value: number) => string;
}

const STEPS = [0, 1, 2, 3, 4] as const;

/** From the least to the most, in five steps of one colour. */
export function MapLegend({ scale, hasUnknown }: { scale: MapScale; hasUnknown: boolean }) {
  const format = scale.format ?? String;
  const [low, high] = scale.domain;
  return (
    <div className={styles.legend}>
      <span className={styles.legendLabel}>{scale.label}</span>
      <span className="figures">{format(low)}</span>
      <span className={styles.ramp} aria-hidden="true">
        {STEPS.map((step) => (
          <span key={step} className={styles[`step${step}`]} />
        ))}
      </span>
      <span className="figures">{format(high)}</span>
      {hasUnknown && (
        <span className={styles.unknown}>
          <span className={styles.unknownDot} aria-hidden="true" /> none
        </span>
      )}
    </div>
  );
}
