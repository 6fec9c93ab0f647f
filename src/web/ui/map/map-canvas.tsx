// biome-ignore-all lint/a11y/noNoninteractiveTabindex: the map is moved by keys
import { Maximize, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef, useState } from 'react';
import { useTheme } from '../../app/theme.ts';
import { Button } from '../button.tsx';
import { useSystemDark } from '../system-dark.ts';
import styles from './map.module.css';
import { CONTINENT, useFit, useGround, useShowSelected, zoomInto } from './map-hooks.ts';
import { MapLegend, type MapScale } from './map-legend.tsx';
import { MapList } from './map-list.tsx';
import { type MapPoint, paint, radiusOf, readPalette } from './paint.ts';
import { useMapView } from './use-map-view.ts';
import { type Box, boxAround, nearest } from './view.ts';

export type { MapScale } from './map-legend.tsx';
export type { MapPoint } from './paint.ts';
export type { Box } from './view.ts';

interface MapCanvasProps {
  /** What the map shows, for screen readers. */
  label: string;
  points: readonly MapPoint[];
  selectedId?: string | null;
  onSelect?: (id: string) => void;
  /** When the map came to rest; `byPerson` is false when it moved by itself. */
  onMove?: (box: Box, byPerson: boolean) => void;
  /** What the colours say; without it all points are alike. */
  scale?: MapScale;
  /** Where to look at first; the points otherwise. */
  initialBox?: Box | null;
  /** When this changes, the map moves to show all points. */
  fitKey?: string;
  /** CSS length, 360px unless told; `fill`: as high as what it is in. */
  height?: string;
}

/** Counties are drawn from this zoom on: some states across. */
const COUNTIES_FROM = 22;

/** Points on a map of the country's outlines. Arrow keys pan, + and − zoom, 0 shows all; every point is in a list, too. */
export function MapCanvas(props: MapCanvasProps) {
  const { label, points, selectedId, onSelect, onMove, scale, initialBox, fitKey, height = '360px' } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const helpId = useId();
  const [hovered, setHovered] = useState<{ point: MapPoint; x: number; y: number } | null>(null);
  const [boxShown, setBoxShown] = useState<Box | null>(null);
  const draw = useRef<() => void>(() => undefined);
  const isMoved = useRef(false);
  const { size, view, moves } = useMapView(frame, {
    onDraw: () => draw.current(),
    onMove: (box, byPerson) => {
      if (byPerson) isMoved.current = true;
      setBoxShown(box);
      onMove?.(box, byPerson);
    },
  });
  const ground = useGround(() => draw.current(), view.current.k >= COUNTIES_FROM);
  const [theme] = useTheme();
  const isSystemDark = useSystemDark();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the tokens are
  useEffect(() => {
    let request = 0;
    const context = canvas.current?.getContext('2d') ?? null;
    const element = frame.current;
    if (context === null || element === null || size === null) return;
    const ratio = window.devicePixelRatio || 1;
    const wide = Math.round(size.width * ratio);
    const tall = Math.round(size.height * ratio);
    if (context.canvas.width !== wide) context.canvas.width = wide;
    if (context.canvas.height !== tall) context.canvas.height = tall;
    const palette = readPalette(element);
    draw.current = () => {
      cancelAnimationFrame(request);
      request = requestAnimationFrame(() =>
        paint(context, ratio, {
          view: view.current,
          size,
          palette,
          outlines: ground.outlines,
          tiles: ground.tiles,
          points,
          domain: scale?.domain ?? [0, 1],
          selectedId,
          hoveredId: hovered?.point.id ?? null,
        }),
      );
    };
    draw.current();
    return () => cancelAnimationFrame(request);
  }, [size, points, scale, selectedId, hovered, ground, theme, isSystemDark, view]);

  useFit({ size, points, fitKey, initialBox, show: moves.show, isMoved });
  useShowSelected({ points, selectedId, size, view, moves });

  const place = (event: MouseEvent): [number, number] => {
    const area = event.currentTarget.getBoundingClientRect();
    return [event.clientX - area.left, event.clientY - area.top];
  };
  const pick = (at: [number, number]) => {
    const found = nearest(points, view.current, at, 26);
    if (found === null) return null;
    return nearest([found], view.current, at, radiusOf(found) + 6);
  };
  const fit = () => moves.show(boxAround(points) ?? CONTINENT);
  const press = (point: MapPoint | null) => {
    if (point === null) return;
    if (point.count === undefined) onSelect?.(point.id);
    else if (size !== null) zoomInto(point, moves, view.current, size);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => moves.pan(80, 0),
      ArrowRight: () => moves.pan(-80, 0),
      ArrowUp: () => moves.pan(0, 80),
      ArrowDown: () => moves.pan(0, -80),
      '+': () => moves.zoomBy(1.6),
      '=': () => moves.zoomBy(1.6),
      '-': () => moves.zoomBy(1 / 1.6),
      '0': fit,
    };
    const act = acts[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  return (
    <section className={styles.map} aria-label={label} style={{ height: height === 'fill' ? '100%' : height }}>
      <div
        ref={frame}
        role="application"
        aria-roledescription="map"
        aria-label={`${label}: ${points.length} ${points.length === 1 ? 'place' : 'places'}`}
        aria-describedby={helpId}
        tabIndex={0}
        className={styles.frame}
        data-pointing={hovered !== null || undefined}
        onKeyDown={onKeyDown}
        onPointerMove={(event) => {
          if (event.buttons !== 0) return;
          const at = place(event);
          const point = pick(at);
          if (point?.id === hovered?.point.id) return;
          setHovered(point && { point, x: at[0], y: at[1] });
        }}
        onPointerLeave={() => setHovered(null)}
        onClick={(event) => press(pick(place(event)))}
      >
        <canvas ref={canvas} className={styles.canvas} />
      </div>
      <p id={helpId} className="visually-hidden">
        Arrow keys move the map, plus and minus zoom, 0 shows all. The places are in the list below the map, too.
      </p>
      {hovered && size && (
        <p
          className={styles.tip}
          data-left={hovered.x > size.width / 2 || undefined}
          style={{ left: hovered.x, top: Math.max(4, hovered.y - 34) }}
        >
          {hovered.point.label}
        </p>
      )}
      <div className={styles.buttons}>
        <Button size="small" aria-label="Zoom in" icon={<Plus size={16} />} onClick={() => moves.zoomBy(1.8)} />
        <Button size="small" aria-label="Zoom out" icon={<Minus size={16} />} onClick={() => moves.zoomBy(1 / 1.8)} />
        <Button size="small" aria-label="Show all" title="Show all" icon={<Maximize size={16} />} onClick={fit} />
      </div>
      <div className={styles.bottom}>
        {scale && <MapLegend scale={scale} hasUnknown={points.some(({ value, count }) => value == null && !count)} />}
        <MapList points={points} box={boxShown} selectedId={selectedId} onPress={press} />
      </div>
      {ground.problem && <p className={styles.problem}>{ground.problem}</p>}
    </section>
  );
}
