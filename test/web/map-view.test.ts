import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxAround,
  boxOf,
  boxText,
  nearest,
  project,
  readBox,
  stepOf,
  tilesIn,
  unproject,
  viewOf,
} from '../../src/web/ui/map/view.ts';

const lon = fc.double({ min: -179, max: 179, noNaN: true });
const lat = fc.double({ min: -84, max: 84, noNaN: true });
const size = { width: 600, height: 400 };

describe('the map', () => {
  it('finds its way back from the world to degrees', () => {
    fc.assert(
      fc.property(lon, lat, (x, y) => {
        const [backX, backY] = unproject(...project(x, y));
        expect(backX).toBeCloseTo(x, 6);
        expect(backY).toBeCloseTo(y, 6);
      }),
    );
  });

  it('shows the whole of a box of points', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ lat, lon }), { minLength: 1, maxLength: 20 }), (points) => {
        const shown = boxOf(viewOf(boxAround(points)!, size), size);
        for (const point of points) {
          expect(point.lon).toBeGreaterThanOrEqual(shown.west - 1e-6);
          expect(point.lon).toBeLessThanOrEqual(shown.east + 1e-6);
        }
      }),
    );
    expect(boxAround([])).toBeNull();
  });

  it('does not go closer to one point than a neighbourhood', () => {
    const view = viewOf(boxAround([{ lat: 47.6, lon: -122.3 }])!, size);
    const { west, east } = boxOf(view, size);
    expect(east - west).toBeGreaterThan(0.02);
  });

  it('reads the boxes it writes, and no others', () => {
    const box = { west: -122.5, south: 47.1, east: -121, north: 47.8 };
    expect(readBox(boxText(box))).toEqual(box);
    for (const text of [undefined, '', '1,2,3', '1,2,3,x', '1,,3,4', '5,0,1,2', '0,5,1,2', '-200,0,1,2', '0,0,1,99']) {
      expect(readBox(text)).toBeNull();
    }
  });

  it('finds the nearest place within reach', () => {
    const view = viewOf({ west: -123, south: 47, east: -121, north: 48 }, size);
    const near = { lat: 47.5, lon: -122 };
    const [wx, wy] = project(near.lon, near.lat);
    const at = [view.x + view.k * wx + 3, view.y + view.k * wy] as const;
    expect(nearest([{ lat: 47.9, lon: -122.9 }, near], view, at, 8)).toBe(near);
    expect(nearest([near], view, [at[0] + 30, at[1]], 8)).toBeNull();
  });

  it('puts values into equal steps, and what has none into no step', () => {
    expect([0, 19.9, 20, 99, 100, 130, -5].map((value) => stepOf(value, [0, 100], 5))).toEqual([0, 0, 1, 4, 4, 4, 0]);
    expect(stepOf(null, [0, 1], 5)).toBeNull();
    expect(stepOf(3, [3, 3], 5)).toBe(0);
  });

  it('covers the canvas with tiles of about their own size', () => {
    const tiles = tilesIn(viewOf({ west: -123, south: 47, east: -121, north: 48 }, size), size);
    const side = tiles[0]!.at[2]!;
    expect(side).toBeGreaterThan(180);
    expect(side).toBeLessThan(363);
    const right = Math.max(...tiles.map(({ at }) => at[0]! + at[2]!));
    const left = Math.min(...tiles.map(({ at }) => at[0]!));
    expect(left).toBeLessThanOrEqual(0);
    expect(right).toBeGreaterThanOrEqual(size.width);
  });
});
