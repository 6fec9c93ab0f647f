import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspectImage } from '../../../src/domain/memo/image-kind.ts';
import { gifOf, jpegOf, pngOf, webpOf } from './sample-images.ts';

describe('inspectImage', () => {
  it.each([
    ['png', pngOf(640, 480), 'image/png'],
    ['gif', gifOf(640, 480), 'image/gif'],
    ['jpeg', jpegOf(640, 480), 'image/jpeg'],
    ['webp', webpOf(640, 480), 'image/webp'],
  ])('tells %s by its bytes, with its size', (_name, bytes, contentType) => {
    expect(inspectImage(bytes)).toMatchObject({ image: { contentType, width: 640, height: 480 } });
  });

  it('refuses what only calls itself a picture', () => {
    for (const text of [
      '',
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '<!doctype html><p>Not found',
      '%PDF-1.7',
      'BM',
    ]) {
      expect(inspectImage(Buffer.from(text))).toMatchObject({ problem: expect.stringContaining('no JPEG, PNG') });
    }
  });

  it('refuses a picture that was cut off, and one whose size would fill the browser’s memory', () => {
    for (const bytes of [pngOf(64, 48), jpegOf(64, 48), webpOf(64, 48)]) {
      expect(inspectImage(bytes.subarray(0, -6))).toEqual({ problem: 'the picture is cut off' });
    }
    expect(inspectImage(pngOf(30_000, 30_000))).toMatchObject({ problem: expect.stringContaining('30000 × 30000') });
    expect(inspectImage(pngOf(0, 10))).toEqual({ problem: 'the picture is cut off' });
  });

  it('answers for any bytes after any beginning', () => {
    const start = fc.constantFrom(
      [],
      [0xff, 0xd8, 0xff],
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [...Buffer.from('GIF89a')],
      [...Buffer.from('RIFF\0\0\0\0WEBPVP8X')],
    );
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 80 }), (first, rest) => {
        const answer = inspectImage(Uint8Array.from([...first, ...rest]));
        expect(Object.keys(answer)).toHaveLength(1);
      }),
    );
  });
});
