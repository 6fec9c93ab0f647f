/** A message as it was written to a file: what a mail program would show of it. */
export interface ReadMail {
  subject: string;
  from: string;
  to: string;
  html: string | null;
  text: string | null;
  attachments: Array<{ name: string; type: string; bytes: number }>;
}

interface Part {
  headers: ReadonlyMap<string, string>;
  body: string;
}

/** Parts within parts, at most: a message that has more is not one of ours. */
const DEEPEST = 8;

/** Reads the text of an `.eml` file. What cannot be read is left out; nothing in it is run or fetched. */
export function readMail(source: string): ReadMail {
  const mail = readPart(source);
  const found: ReadMail = {
    subject: decodeWords(mail.headers.get('subject') ?? ''),
    from: decodeWords(mail.headers.get('from') ?? ''),
    to: decodeWords(mail.headers.get('to') ?? ''),
    html: null,
    text: null,
    attachments: [],
  };
  collect(mail, found, 0);
  return found;
}

function collect(part: Part, found: ReadMail, depth: number): void {
  const { value: type, parameters } = readParameters(part.headers.get('content-type') ?? 'text/plain');
  const boundary = parameters.get('boundary');
  if (type.startsWith('multipart/') && boundary !== undefined && depth < DEEPEST) {
    for (const inner of splitParts(part.body, boundary)) collect(readPart(inner), found, depth + 1);
    return;
  }
  const disposition = readParameters(part.headers.get('content-disposition') ?? '');
  const bytes = decodeBody(part.body, part.headers.get('content-transfer-encoding') ?? '7bit');
  const charset = parameters.get('charset') ?? 'utf-8';
  if (disposition.value === 'attachment' || !type.startsWith('text/')) {
    const name = disposition.parameters.get('filename') ?? parameters.get('name') ?? 'file';
    found.attachments.push({ name: decodeWords(name), type, bytes: bytes.length });
  } else if (type === 'text/html') found.html ??= decodeText(bytes, charset);
  else found.text ??= decodeText(bytes, charset);
}

function readPart(source: string): Part {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end === null ? source : source.slice(0, end.index);
  const headers = new Map<string, string>();
  // A line that begins with a blank goes on with the one before.
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return { headers, body: end === null ? '' : source.slice(end.index + end[0].length) };
}

function splitParts(body: string, boundary: string): string[] {
  const parts: string[] = [];
  let current: string[] | null = null;
  for (const line of body.split('\n')) {
    const bare = line.trimEnd();
    if (bare === `--${boundary}` || bare === `--${boundary}--`) {
      if (current !== null) parts.push(current.join('\n').replace(/\r$/, ''));
      if (bare.endsWith(`${boundary}--`)) return parts;
      current = [];
    } else current?.push(line);
  }
  if (current !== null) parts.push(current.join('\n'));
  return parts;
}

/** `text/html; charset="utf-8"` as its value (lower case) and its parameters. */
function readParameters(header: string): { value: string; parameters: Map<string, string> } {
  const [value = '', ...rest] = header.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const parameters = new Map<string, string>();
  for (const one of rest) {
    const equals = one.indexOf('=');
    if (equals <= 0) continue;
    const text = one.slice(equals + 1).trim();
    parameters.set(one.slice(0, equals).trim().toLowerCase(), text.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1'));
  }
  return { value: value.trim().toLowerCase(), parameters };
}

function decodeBody(body: string, encoding: string): Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name === 'quoted-printable') return quotedPrintable(body);
  if (name === 'base64') return base64(body);
  return new TextEncoder().encode(body);
}

function quotedPrintable(text: string): Uint8Array {
  const joined = text.replace(/[ \t]+(?=\r?\n)/g, '').replace(/=\r?\n/g, '');
  const bytes: number[] = [];
  const plain = new TextEncoder();
  for (let at = 0; at < joined.length; ) {
    const hex = joined[at] === '=' ? /^[0-9a-f]{2}/i.exec(joined.slice(at + 1, at + 3)) : null;
    if (hex !== null) {
      bytes.push(Number.parseInt(hex[0], 16));
      at += 3;
    } else {
      const character = String.fromCodePoint(joined.codePointAt(at) ?? 0);
      for (const byte of plain.encode(character)) bytes.push(byte);
      at += character.length;
    }
  }
  return Uint8Array.from(bytes);
}

function base64(text: string): Uint8Array {
  const clean = text.replace(/[^A-Za-z0-9+/]/g, '');
  const whole = clean.slice(0, clean.length - (clean.length % 4 === 1 ? 1 : 0));
  const binary = atob(whole);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function decodeText(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch (error) {
    // A charset that nobody knows: its letters are shown as well as they can be.
    if (error instanceof RangeError) return new TextDecoder().decode(bytes);
    throw error;
  }
}

/** `=?UTF-8?Q?Caf=C3=A9?=` as `Café`; neighbouring encoded words are one text. */
function decodeWords(text: string): string {
  const joined = text.replace(/(\?=)\s+(?==\?)/g, '$1');
  return joined.replace(/=\?([^?]+)\?([QB])\?([^?]*)\?=/gi, (_, charset: string, how: string, word: string) => {
    const bytes = how.toUpperCase() === 'B' ? base64(word) : quotedPrintable(word.replaceAll('_', ' '));
    return decodeText(bytes, charset);
  });
}
