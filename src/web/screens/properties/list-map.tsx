import { keepPreviousData } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { api } from '../../app/api.ts';
import { formatCount, formatNumber, humanise } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { type Box, MapCanvas, type MapPoint } from '../../ui/map/map-canvas.tsx';
import { boxText, readBox } from '../../ui/map/view.ts';
import { ErrorState } from '../../ui/states.tsx';
import styles from './list-map.module.css';
import { nameOf } from './row-words.ts';
import { changed, filterKey, type ListFilter } from './search-params.ts';

const WORLD: Box = { west: -180, south: -85, east: 180, north: 85 };
const SCALE = { label: 'Score', domain: [0, 100] as const, format: (value: number) => formatNumber(value, 0) };
/** Above as many the API answers clusters. */
const MOST_POINTS = 1_000;

const byScore = (a: Scored, b: Scored) => (a.bird_dog_score ?? -1) - (b.bird_dog_score ?? -1);
type Scored = { bird_dog_score: number | null };

interface ListMapProps {
  filter: ListFilter;
  selectedId: string | null;
  onSelect: (id: string) => void;
  /** Narrows the list to a box. */
  onArea: (bbox: string | undefined) => void;
}

/** Where the properties of the list are; the list can be narrowed to what the map shows. */
export function ListMap({ filter, selectedId, onSelect, onArea }: ListMapProps) {
  const area = readBox(filter.bbox);
  const rest = filterKey(changed(filter, { bbox: undefined }));
  const [seen, setSeen] = useState<{ rest: string; box: Box; byPerson: boolean } | null>(null);
  // Other filters: everything that fits is looked for anew, wherever the map was.
  const box = seen?.rest === rest ? seen.box : (area ?? WORLD);
  const query = api.useQuery(
    'get',
    '/api/v1/properties/map',
    { params: { query: { ...filter, bbox: boxText(box), limit: MOST_POINTS } } },
    { placeholderData: keepPreviousData },
  );
  const fitted = useRef(rest);
  if (!query.isPlaceholderData) fitted.current = rest;
  const points: MapPoint[] = useMemo(() => {
    const { points: single = [], clusters = [] } = query.data ?? {};
    return [
      ...clusters.map(({ latitude, longitude, count }) => ({
        id: `${latitude},${longitude}`,
        lat: latitude,
        lon: longitude,
        count,
        label: `${formatCount(count)} properties: look closer`,
      })),
      // The best lie on top.
      ...single.toSorted(byScore).map((point) => ({
        id: point.id,
        lat: point.latitude,
        lon: point.longitude,
        value: point.bird_dog_score,
        label: `${nameOf({ ...point, unit: null })} · ${
          point.bird_dog_score === null ? 'not scored' : `score ${formatNumber(point.bird_dog_score, 0)}`
        } · ${humanise(point.status)}`,
      })),
    ];
  }, [query.data]);
  const isOther = seen?.rest === rest && seen.byPerson && boxText(seen.box) !== filter.bbox;
  if (query.data === undefined && query.error) {
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  }
  return (
    <div className={styles.area}>
      <MapCanvas
        label="Properties on the map"
        points={points}
        selectedId={selectedId}
        onSelect={onSelect}
        scale={SCALE}
        height="fill"
        initialBox={area}
        fitKey={fitted.current}
        onMove={(next, byPerson) => {
          const hasClusters = (query.data?.clusters.length ?? 0) > 0;
          if (byPerson || hasClusters) setSeen({ rest, box: next, byPerson });
        }}
      />
      <div className={styles.top}>
        {isOther && (
          <Button size="small" variant="primary" onClick={() => seen && onArea(boxText(seen.box))}>
            Search this area
          </Button>
        )}
        {filter.bbox !== undefined && (
          <Button size="small" onClick={() => onArea(undefined)}>
            Search everywhere
          </Button>
        )}
        {query.data?.is_sampled && <span className={styles.note}>Clusters count the first 10,000</span>}
      </div>
    </div>
  );
}
