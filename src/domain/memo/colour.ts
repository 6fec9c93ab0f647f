/** Colours of a brand, ready for paper: readable on white and with readable text on them. */
export interface BrandColours {
  /** The brand's colour as it is, for areas. */
  accent: string;
  /** The same hue, dark enough for text on white (contrast of 4.5 at least). */
  ink: string;
  /** Text on an area of the accent colour. */
  on: string;
  /** A pale tint for backgrounds. */
  pale: string;
}

const DEFAULT_ACCENT = '#1c3c5e';
const DARK = '#14202e';
const AA = 4.5;

type Rgb = readonly [number, number, number];

/** The colours that follow from a brand's accent colour (`#rrggbb`); the house's own for null or anything else. */
export function brandColours(accent: string | null): BrandColours {
  const hex = accent !== null && /^#[0-9a-f]{6}$/i.test(accent) ? accent.toLowerCase() : DEFAULT_ACCENT;
  const colour = rgbOf(hex);
  let ink = colour;
  // Judged as it is written: rounding to whole steps of a colour can cost the last hundredth of contrast.
  for (let step = 0; step < 40 && contrastOf(hexOf(ink), '#ffffff') < AA; step += 1) ink = mix(ink, [0, 0, 0], 0.08);
  const isDark = contrast(colour, [255, 255, 255]) >= contrast(colour, rgbOf(DARK));
  return {
    accent: hex,
    ink: hexOf(ink),
    on: isDark ? '#ffffff' : DARK,
    pale: hexOf(mix(colour, [255, 255, 255], 0.92)),
  };
}

/** The contrast of two `#rrggbb` colours as WCAG counts it, 1 to 21. */
export function contrastOf(first: string, second: string): number {
  return contrast(rgbOf(first), rgbOf(second));
}

function rgbOf(hex: string): Rgb {
  const part = (start: number) => Number.parseInt(hex.slice(start, start + 2), 16);
  return [part(1), part(3), part(5)];
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}
