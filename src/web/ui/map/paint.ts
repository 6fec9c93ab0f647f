import type { Outline, Outlines } from './outlines.ts';
import type { Tiles } from './tiles.ts';
import { project, type Size, stepOf, tilesIn, type View } from './view.ts';

/** Something at a place. */
export interface MapPoint {
  id: string;
  lat: number;
  lon: number;
  /** What its colour says; without it the point is grey. */
  value?: number | null;
  /** Words for the tooltip and the list. */
  label: string;
  /** How many a cluster stands for. */
  count?: number;
  /** `subject`: the one that the map is about; `excluded`: drawn as an empty ring. */
  kind?: 'subject' | 'excluded';
}

/** Colours of the theme that is in force. */
export interface Palette {
  sea: string;
  land: string;
  line: string;
  lineStrong: string;
  text: string;
  none: string;
  accent: string;
  onAccent: string;
  focus: string;
  steps: string[];
  surface: string;
}

const STEPS = 5;

/** The colours as the page's tokens have them now. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    // Water is darker than land in either theme.
    sea: token(style.colorScheme === 'dark' ? '--bg' : '--surface-2'),
    land: token('--surface'),
    line: token('--line'),
    lineStrong: token('--line-strong'),
    text: token('--text'),
    none: token('--text-3'),
    accent: token('--accent'),
    onAccent: token('--on-accent'),
    focus: token('--series-2'),
    steps: Array.from({ length: STEPS }, (_, step) => token(`--scale-${step}`)),
    surface: token('--surface'),
  };
}

interface Scene {
  view: View;
  size: Size;
  palette: Palette;
  outlines: Outlines | null;
  tiles: Tiles | null;
  points: readonly MapPoint[];
  domain: readonly [number, number];
  selectedId: string | null | undefined;
  hoveredId: string | null;
}

/** Draws everything: about a millisecond for a county with 500 points. */
export function paint(context: CanvasRenderingContext2D, ratio: number, scene: Scene): void {
  const { view, size, palette, outlines, tiles } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.sea;
  context.fillRect(0, 0, size.width, size.height);
  if (outlines !== null) paintOutlines(context, ratio, scene, outlines);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (tiles !== null) {
    for (const tile of tilesIn(view, size)) {
      const image = tiles.find(tile);
      const [x, y, side] = tile.at as [number, number, number];
      if (image !== null) context.drawImage(image, x, y, side, side);
    }
  }
  paintPoints(context, scene);
}

function paintOutlines(context: CanvasRenderingContext2D, ratio: number, scene: Scene, outlines: Outlines): void {
  const { view, size, palette } = scene;
  const left = -view.x / view.k;
  const top = -view.y / view.k;
  const right = left + size.width / view.k;
  const bottom = top + size.height / view.k;
  const isSeen = ({ bounds: [[x0, y0], [x1, y1]] }: Outline) => x0 <= right && x1 >= left && y0 <= bottom && y1 >= top;
  context.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
  context.lineJoin = 'round';
  context.fillStyle = palette.land;
  context.fill(outlines.land.path);
  context.strokeStyle = palette.line;
  context.lineWidth = 1 / view.k;
  for (const county of outlines.counties) {
    if (isSeen(county)) context.stroke(county.path);
  }
  context.strokeStyle = palette.lineStrong;
  context.lineWidth = (outlines.counties.length > 0 ? 1.4 : 0.8) / view.k;
  context.stroke(outlines.borders.path);
}

function paintPoints(context: CanvasRenderingContext2D, scene: Scene): void {
  const { points, selectedId, hoveredId } = scene;
  // The marked ones last, so that they lie on top.
  const isMarked = ({ id, kind }: MapPoint) => id === selectedId || id === hoveredId || kind === 'subject';
  for (const point of points) if (!isMarked(point)) paintPoint(context, scene, point);
  for (const point of points) if (isMarked(point)) paintPoint(context, scene, point);
}

function paintPoint(context: CanvasRenderingContext2D, scene: Scene, point: MapPoint): void {
  const { view, size, palette, domain } = scene;
  const [wx, wy] = project(point.lon, point.lat);
  const x = view.x + view.k * wx;
  const y = view.y + view.k * wy;
  const radius = radiusOf(point);
  if (x < -radius || y < -radius || x > size.width + radius || y > size.height + radius) return;
  const step = stepOf(point.value, domain, STEPS);
  const isSelected = point.id === scene.selectedId;
  context.beginPath();
  context.arc(x, y, isSelected || point.id === scene.hoveredId ? radius + 2 : radius, 0, 2 * Math.PI);
  context.fillStyle = fillOf(point, palette, step);
  context.fill();
  context.lineWidth = isSelected ? 3 : 1.25;
  context.strokeStyle = isSelected ? palette.focus : point.kind === 'excluded' ? palette.none : palette.lineStrong;
  context.stroke();
  if (point.count !== undefined) {
    context.fillStyle = palette.onAccent;
    context.font = '600 12px Inter, sans-serif';
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(compact(point.count), x, y + 0.5);
  }
}

function fillOf(point: MapPoint, palette: Palette, step: number | null): string {
  if (point.count !== undefined || point.kind === 'subject') return palette.accent;
  if (point.kind === 'excluded') return palette.surface;
  return step === null ? palette.none : palette.steps[step]!;
}

/** Radius in px: a cluster's grows with how many it stands for. */
export function radiusOf({ count, kind }: MapPoint): number {
  if (count !== undefined) return 12 + Math.min(14, 4 * Math.log10(count + 1));
  return kind === 'subject' ? 9 : 6;
}

const compactCount = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });
const compact = (count: number) => compactCount.format(count);
