import { List } from 'lucide-react';
import { formatCount } from '../../lib/format.ts';
import { classNames } from '../class-names.ts';
import styles from './map.module.css';
import type { MapPoint } from './paint.ts';
import type { Box } from './view.ts';

interface MapListProps {
  points: readonly MapPoint[];
  /** What the map shows; only its places are listed. */
  box: Box | null;
  selectedId: string | null | undefined;
  onPress: (point: MapPoint) => void;
}

/** As many as are listed at once; the map is moved to see others. */
const MOST_LISTED = 100;

/** The places that the map shows, as a list: for screen readers, and for whoever would rather read. */
export function MapList({ points, box, selectedId, onPress }: MapListProps) {
  const inSight = points.filter(
    ({ lat, lon }) => box === null || (lat >= box.south && lat <= box.north && lon >= box.west && lon <= box.east),
  );
  return (
    <details className={styles.list}>
      <summary>
        <List size={14} aria-hidden="true" /> {formatCount(inSight.length)} in sight as a list
      </summary>
      <ul>
        {inSight.slice(0, MOST_LISTED).map((point) => (
          <li key={point.id}>
            <button
              type="button"
              className={classNames(styles.listed, point.id === selectedId && styles.listedNow)}
              aria-current={point.id === selectedId || undefined}
              onClick={() => onPress(point)}
            >
              {point.label}
            </button>
          </li>
        ))}
        {inSight.length > MOST_LISTED && (
          <li className="muted small">And {formatCount(inSight.length - MOST_LISTED)} more: zoom in to see them.</li>
        )}
      </ul>
    </details>
  );
}
