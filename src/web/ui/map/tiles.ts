/** Pictures of a tile server, when a setting names one: `https://…/{z}/{x}/{y}.png`. */
export interface Tiles {
  /** The picture when it is there; asks for it otherwise. */
  find: (tile: { key: string; z: number; x: number; y: number }) => HTMLImageElement | null;
}

const MOST_KEPT = 300;
let template: Promise<string | null> | undefined;

/** The address of the tile server from the server's settings; null where none is set. Asked once. */
export function readTileTemplate(): Promise<string | null> {
  template ??= fetch('/dashboard.json')
    .then((response) => (response.ok ? response.json() : {}))
    .then((settings: { map_tiles?: string | null }) => settings.map_tiles ?? null)
    // Without the answer the outlines are the map; the next page asks again.
    .catch(() => null);
  return template;
}

/** Keeps the pictures last asked for; `onLoad` when one came. */
export function createTiles(address: string, onLoad: () => void): Tiles {
  const images = new Map<string, HTMLImageElement>();
  return {
    find: ({ key, z, x, y }) => {
      const known = images.get(key);
      if (known !== undefined) return known.complete && known.naturalWidth > 0 ? known : null;
      const image = new Image();
      image.onload = onLoad;
      image.src = address.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y));
      images.set(key, image);
      if (images.size > MOST_KEPT) images.delete(images.keys().next().value!);
      return null;
    },
  };
}
