import { select } from 'd3-selection';
import { type D3ZoomEvent, type ZoomBehavior, zoom, zoomIdentity } from 'd3-zoom';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { type Box, boxOf, LEAST_ZOOM, MOST_ZOOM, type Size, type View, viewOf } from './view.ts';

/** Moves a map in steps. */
export interface MapMoves {
  /** `byPerson` false: a movement that nobody asked for. */
  pan: (dx: number, dy: number, byPerson?: boolean) => void;
  zoomBy: (factor: number) => void;
  show: (box: Box) => void;
}

/**
 * Where the map looks. `onDraw` at every change; `onMove` when a movement came to rest, with whether a person made
 * it.
 */
export function useMapView(
  element: RefObject<HTMLElement | null>,
  handlers: { onDraw: () => void; onMove: (box: Box, byPerson: boolean) => void },
) {
  const [size, setSize] = useState<Size | null>(null);
  const view = useRef<View>({ x: 0, y: 0, k: 2 });
  const sizeRef = useRef<Size>({ width: 0, height: 0 });
  const now = useRef(handlers);
  now.current = handlers;
  const behaviour = useRef<ZoomBehavior<HTMLElement, unknown> | null>(null);

  useEffect(() => {
    const node = element.current;
    if (node === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      if (width === 0 || height === 0) return;
      sizeRef.current = { width, height };
      setSize({ width, height });
    });
    observer.observe(node);
    let isByPerson = false;
    const made = zoom<HTMLElement, unknown>()
      .scaleExtent([LEAST_ZOOM, MOST_ZOOM])
      .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => {
        view.current = event.transform;
        if (event.sourceEvent) isByPerson = true;
        now.current.onDraw();
      })
      .on('end', () => {
        now.current.onMove(boxOf(view.current, sizeRef.current), isByPerson);
        isByPerson = false;
      });
    behaviour.current = made;
    const selection = select<HTMLElement, unknown>(node);
    selection.call(made).on('dblclick.zoom', null);
    return () => {
      observer.disconnect();
      selection.on('.zoom', null);
    };
  }, [element]);

  const moves: MapMoves = useMemo(() => {
    const at = () => (element.current === null ? null : select<HTMLElement, unknown>(element.current));
    /** Steps by keys and buttons are a person's, too. */
    const report = () => now.current.onMove(boxOf(view.current, sizeRef.current), true);
    return {
      pan: (dx, dy, byPerson = true) => {
        at()?.call((one) => behaviour.current?.translateBy(one, dx / view.current.k, dy / view.current.k));
        if (byPerson) report();
      },
      zoomBy: (factor) => {
        at()?.call((one) => behaviour.current?.scaleBy(one, factor));
        report();
      },
      show: (box) => {
        const { x, y, k } = viewOf(box, sizeRef.current);
        at()?.call((one) => behaviour.current?.transform(one, zoomIdentity.translate(x, y).scale(k)));
      },
    };
  }, [element]);
  return { size, view, moves };
}
