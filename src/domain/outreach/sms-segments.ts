/** How a text message is carried and charged. */
export interface SmsSegments {
  /** GSM 03.38 seven-bit letters, or UCS-2 as soon as one letter is not among them. */
  encoding: 'gsm7' | 'ucs2';
  /** Septets (GSM-7) or 16-bit units (UCS-2) of the text. */
  units: number;
  /** Messages that are sent and charged; 0 for an empty text. */
  segments: number;
}

// 3GPP TS 23.038, section 6.2.1: default alphabet, and the extension table behind the escape (two septets each).
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENDED = new Set('\f^{}\\[~]|€');

/** What one message holds alone, and what is left of it beside the six bytes that join it to others. */
const CAPACITY = { gsm7: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } } as const;

/**
 * Counts the segments of a text (3GPP TS 23.040 concatenation): 160 septets or 70 units alone, 153 or 67 each when
 * joined. A letter that takes two units is never split between two segments.
 */
export function countSmsSegments(text: string): SmsSegments {
  const letters = [...text];
  const encoding = letters.every((letter) => BASIC.has(letter) || EXTENDED.has(letter)) ? 'gsm7' : 'ucs2';
  const sizeOf = (letter: string) => (encoding === 'ucs2' ? letter.length : EXTENDED.has(letter) ? 2 : 1);
  const units = letters.reduce((sum, letter) => sum + sizeOf(letter), 0);
  const { alone, joined } = CAPACITY[encoding];
  if (units <= alone) return { encoding, units, segments: units === 0 ? 0 : 1 };
  let segments = 1;
  let filled = 0;
  for (const letter of letters) {
    const size = sizeOf(letter);
    if (filled + size > joined) {
      segments += 1;
      filled = 0;
    }
    filled += size;
  }
  return { encoding, units, segments };
}
