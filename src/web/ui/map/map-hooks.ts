import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { loadCounties, loadStates, type Outlines } from './outlines.ts';
import type { MapPoint } from './paint.ts';
import { createTiles, readTileTemplate, type Tiles } from './tiles.ts';
import type { MapMoves } from './use-map-view.ts';
import { type Box, boxAround, project, type Size, type View } from './view.ts';

/** The whole of the contiguous states. */
export const CONTINENT: Box = { west: -125, south: 24.4, east: -66.5, north: 49.5 };

/** What lies under the points: outlines, and tiles where a server is set. `onLoad` when a tile came. */
export function useGround(onLoad: () => void, withCounties: boolean) {
  const [outlines, setOutlines] = useState<Outlines | null>(null);
  const [tiles, setTiles] = useState<Tiles | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useRef(onLoad);
  load.current = onLoad;
  useEffect(() => {
    let isHere = true;
    loadStates().then(
      (states) => isHere && setOutlines((now) => now ?? states),
      () => isHere && setProblem('The outlines of the map could not be loaded; the points are where they belong.'),
    );
    readTileTemplate().then((address) => {
      if (isHere && address !== null) setTiles(createTiles(address, () => load.current()));
    }, reportError);
    return () => {
      isHere = false;
    };
  }, []);
  useEffect(() => {
    if (!withCounties) return;
    let isHere = true;
    // Without the counties the states' borders are enough to find one's way.
    Promise.all([loadStates(), loadCounties()]).then(
      ([states, counties]) => isHere && setOutlines({ ...states, counties }),
      () => isHere && setProblem('The borders of counties could not be loaded.'),
    );
    return () => {
      isHere = false;
    };
  }, [withCounties]);
  return useMemo(() => ({ outlines, tiles, problem }), [outlines, tiles, problem]);
}

interface FitInput {
  /** Null until the map is laid out. */
  size: Size | null;
  points: readonly MapPoint[];
  fitKey: string | undefined;
  initialBox: Box | null | undefined;
  show: (box: Box) => void;
  /** Whether a person has moved the map since it was fitted. */
  isMoved: RefObject<boolean>;
}

/**
 * Looks at the first box, or at all points once they are there; again when the key changes, and when the map gets
 * another size before anybody moved it.
 */
export function useFit({ size, points, fitKey, initialBox, show, isMoved }: FitInput): void {
  const fitted = useRef<{ key: string; box: Box; size: Size } | null>(null);
  useEffect(() => {
    if (size === null) return;
    const key = fitKey ?? '';
    const last = fitted.current;
    if (last?.key === key) {
      const isSame = last.size.width === size.width && last.size.height === size.height;
      if (isSame || isMoved.current) return;
      fitted.current = { ...last, size };
      show(last.box);
      return;
    }
    const box = last === null && initialBox ? initialBox : boxAround(points);
    if (box === null) {
      // Until points come the country is shown; they are fitted then.
      if (last === null) show(CONTINENT);
      return;
    }
    fitted.current = { key, box, size };
    isMoved.current = false;
    show(box);
  }, [size, points, fitKey, initialBox, show, isMoved]);
}

interface ShowInput {
  points: readonly MapPoint[];
  selectedId: string | null | undefined;
  size: Size | null;
  view: RefObject<View>;
  moves: MapMoves;
}

/** Brings the selected point into sight when another one is selected. */
export function useShowSelected({ points, selectedId, size, view, moves }: ShowInput): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (!selectedId || size === null || shown.current === selectedId) return;
    const point = points.find(({ id }) => id === selectedId);
    if (point === undefined) return;
    shown.current = selectedId;
    const [wx, wy] = project(point.lon, point.lat);
    const x = view.current.x + view.current.k * wx;
    const y = view.current.y + view.current.k * wy;
    const margin = 24;
    const isSeen = x > margin && y > margin && x < size.width - margin && y < size.height - margin;
    if (!isSeen) moves.pan(size.width / 2 - x, size.height / 2 - y, false);
  }, [points, selectedId, size, view, moves]);
}

/** Looks closer at a cluster. */
export function zoomInto(point: MapPoint, moves: MapMoves, view: View, size: Size): void {
  const [wx, wy] = project(point.lon, point.lat);
  moves.pan(size.width / 2 - (view.x + view.k * wx), size.height / 2 - (view.y + view.k * wy), false);
  moves.zoomBy(3);
}
