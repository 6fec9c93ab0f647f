/** What a check of all bytes as UTF-8 found. */
export interface Utf8Finding {
  /** Where the first invalid byte is (offset from 0, line from 1), or null when all is valid. */
  invalid: { offset: number; line: number } | null;
  /** Valid sequences of two and more bytes before the first invalid one and after it. */
  multiByte: number;
  /** A byte that Windows-1252 does not define occurred (81, 8D, 8F, 90, 9D). */
  undefined1252: boolean;
}

const UNDEFINED_1252 = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Checks bytes chunk by chunk (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). */
export function utf8Checker(): { push(chunk: Buffer): void; finish(): Utf8Finding } {
  const finding: Utf8Finding = { invalid: null, multiByte: 0, undefined1252: false };
  let offset = 0;
  let line = 1;
  let needed = 0;
  let low = 0x80;
  let high = 0xbf;
  let previous = 0;
  const fail = () => {
    finding.invalid ??= { offset, line };
    needed = 0;
  };
  const start = (byte: number) => {
    low = 0x80;
    high = 0xbf;
    if (byte >= 0xc2 && byte <= 0xdf) needed = 1;
    else if (byte >= 0xe0 && byte <= 0xef) {
      needed = 2;
      if (byte === 0xe0) low = 0xa0;
      if (byte === 0xed) high = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      needed = 3;
      if (byte === 0xf0) low = 0x90;
      if (byte === 0xf4) high = 0x8f;
    } else fail();
  };
  return {
    push(chunk) {
      for (let i = 0; i < chunk.length; i += 1, offset += 1) {
        const byte = chunk[i] as number;
        if (needed > 0) {
          if (byte >= low && byte <= high) {
            needed -= 1;
            low = 0x80;
            high = 0xbf;
            if (needed === 0) finding.multiByte += 1;
            continue;
          }
          fail();
        }
        if (byte >= 0x80) {
          if (UNDEFINED_1252.has(byte)) finding.undefined1252 = true;
          start(byte);
          previous = byte;
          continue;
        }
        if (byte === 0x0a ? previous !== 0x0d : byte === 0x0d) line += 1;
        previous = byte;
      }
    },
    finish() {
      if (needed > 0) fail();
      return finding;
    },
  };
}
