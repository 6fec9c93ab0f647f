/** A picture that a memo can show, told by its bytes. Sizes in pixels. */
export interface ImageKind {
  contentType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';
  extension: 'jpg' | 'png' | 'webp' | 'gif';
  width: number;
  height: number;
}

/** More pixels than this would cost the browser more memory than a memo may take: a small file can claim any size. */
const MOST_PIXELS = 40_000_000;
const LONGEST_SIDE = 12_000;

/**
 * What a file is by its first bytes, whatever its name or content type says, and whether it is whole.
 * @returns `problem` in words when it is no picture of the four kinds, cut off, or too large to open
 */
export function inspectImage(bytes: Uint8Array): { image: ImageKind } | { problem: string } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const image = png(view) ?? gif(view) ?? webp(view) ?? jpeg(view);
  if (image === null) {
    return { problem: `it is no JPEG, PNG, WebP or GIF picture (it begins with ${beginning(bytes)})` };
  }
  if (image.width < 1 || image.height < 1 || !isWhole(image, view)) return { problem: 'the picture is cut off' };
  const { width, height } = image;
  if (width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS) {
    return {
      problem: `the picture is ${width} × ${height} pixels, more than the ${MOST_PIXELS / 1e6} million allowed`,
    };
  }
  return { image };
}

function beginning(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'));
  return shown.length === 0 ? 'nothing' : shown.join(' ');
}

function text(view: DataView, at: number, length: number): string {
  let found = '';
  for (let index = at; index < at + length && index < view.byteLength; index += 1) {
    found += String.fromCharCode(view.getUint8(index));
  }
  return found;
}

function png(view: DataView): ImageKind | null {
  if (view.byteLength < 24 || text(view, 0, 8) !== '\x89PNG\r\n\x1a\n') return null;
  return { contentType: 'image/png', extension: 'png', width: view.getUint32(16), height: view.getUint32(20) };
}

function gif(view: DataView): ImageKind | null {
  if (view.byteLength < 10 || !/^GIF8[79]a$/.test(text(view, 0, 6))) return null;
  return {
    contentType: 'image/gif',
    extension: 'gif',
    width: view.getUint16(6, true),
    height: view.getUint16(8, true),
  };
}

function webp(view: DataView): ImageKind | null {
  if (view.byteLength < 30 || text(view, 0, 4) !== 'RIFF' || text(view, 8, 4) !== 'WEBP') return null;
  const size = webpSize(view);
  return size === null ? null : { contentType: 'image/webp', extension: 'webp', ...size };
}

function webpSize(view: DataView): { width: number; height: number } | null {
  const three = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  switch (text(view, 12, 4)) {
    case 'VP8X':
      return { width: three(24) + 1, height: three(27) + 1 };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return null;
  }
}

/** Size from the start-of-frame segment; 0 × 0 when the file ends before it. */
function jpeg(view: DataView): ImageKind | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8 || view.getUint8(2) !== 0xff) return null;
  const found = { contentType: 'image/jpeg', extension: 'jpg' } as const;
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { ...found, height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return { ...found, width: 0, height: 0 };
}

/** Each kind says where it ends; a few bytes after that do no harm. */
function isWhole({ extension }: ImageKind, view: DataView): boolean {
  const tail = text(view, Math.max(0, view.byteLength - 4_096), 4_096);
  switch (extension) {
    case 'png':
      return tail.includes('IEND');
    case 'gif':
      return tail.includes('\x3b');
    case 'webp':
      return view.getUint32(4, true) + 8 <= view.byteLength;
    case 'jpg':
      return tail.includes('\xff\xd9');
  }
}
