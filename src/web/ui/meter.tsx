import styles from './meter.module.css';

/** A bar of how much of something is used: 0–1, amber from 80%, red from all of it, or as told. Words beside it say the figure. */
export function Meter({ share, tone }: { share: number; tone?: 'good' | 'warn' | 'bad' | undefined }) {
  return (
    <span className={styles.track} aria-hidden="true">
      <span
        className={styles.fill}
        data-tone={tone ?? (share >= 1 ? 'bad' : share >= 0.8 ? 'warn' : 'good')}
        style={{ width: `${Math.min(100, share * 100)}%` }}
      />
    </span>
  );
}
