import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import iconv from 'iconv-lite';
import { ReosError } from '../../domain/errors.ts';
import { utf8Checker } from './utf8-check.ts';

/** A record longer than this is a broken file, not data. */
export const MAX_RECORD_BYTES = 1024 * 1024;

export type FileEncoding = 'utf8' | 'utf16le' | 'utf16-be' | 'windows-1252';

/** What one pass over the bytes shows. */
export interface FileScan {
  /** SHA-256 (hex) of the file as it lies on disk. */
  sha256: string;
  bytes: number;
  encoding: FileEncoding;
  /** Said to the operator: a fallback was taken. */
  warning: string | null;
  /** The first 64 KiB as text. */
  sample: string;
}

/**
 * Reads the file once, with bounded memory, before anything is made of it: hash, encoding, and lines that cannot be
 * records. So a file that is broken as a whole is refused before its first row is stored.
 * @throws ReosError `not_found`; `validation` for invalid UTF-8 (line and byte offset), a line above 1 MiB, binary data
 */
export async function scanFile(path: string, name: string): Promise<FileScan> {
  const hash = createHash('sha256');
  let bytes = 0;
  // First, because it finds out whether there is a file: a stream that fails before anyone reads it ends the process.
  const gzipped = await isGzip(path, name);
  const raw = createReadStream(path, { highWaterMark: 1 << 17 });
  const counted = raw.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        done(null, chunk);
      },
    }),
  );
  raw.once('error', (error) => counted.destroy(error));
  const plain = gzipped ? counted.pipe(createGunzip()) : counted;
  if (gzipped) counted.once('error', (error) => plain.destroy(error));
  const head: Buffer[] = [];
  let headBytes = 0;
  const check = utf8Checker();
  const lines = longLineChecker(name);
  try {
    for await (const chunk of plain as AsyncIterable<Buffer>) {
      if (headBytes < 65_536) {
        head.push(chunk);
        headBytes += chunk.length;
      }
      check.push(chunk);
      lines.push(chunk);
    }
  } catch (error) {
    throw asReadError(error, name);
  }
  const start = Buffer.concat(head);
  const { encoding, warning } = decide(start, check.finish(), name);
  const sample = iconv.decode(start.subarray(0, 65_536), encoding, { stripBOM: true });
  return { sha256: hash.digest('hex'), bytes, encoding, warning, sample };
}

/** The file's text in chunks, decoded and without its byte order mark, unpacked when it is gzip. */
export async function openText(path: string, name: string, encoding: FileEncoding): Promise<Readable> {
  const gzipped = await isGzip(path, name);
  const raw = createReadStream(path, { highWaterMark: 1 << 17 });
  const plain = gzipped ? raw.pipe(createGunzip()) : raw;
  const decoded = plain.pipe(iconv.decodeStream(encoding, { stripBOM: true }) as unknown as Transform);
  for (const stream of [raw, plain]) stream.once('error', (error: Error) => decoded.destroy(asReadError(error, name)));
  decoded.setEncoding('utf8');
  return decoded;
}

async function isGzip(path: string, name: string): Promise<boolean> {
  try {
    for await (const chunk of createReadStream(path, { end: 1 }) as AsyncIterable<Buffer>) {
      return chunk[0] === 0x1f && chunk[1] === 0x8b;
    }
  } catch (error) {
    throw asReadError(error, name);
  }
  return false;
}

function asReadError(error: unknown, name: string): ReosError {
  if (error instanceof ReosError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT')
    return new ReosError('not_found', `There is no file ${name}; check the path.`, { cause: error });
  if (code.startsWith('Z_')) {
    return new ReosError('validation', `${name}: the gzip data is damaged or cut off; pack the file again.`, {
      cause: error,
    });
  }
  return new ReosError('validation', `${name} cannot be read (${code || String(error)}).`, { cause: error });
}

/** Refuses a line without an end within the record limit: no table and no JSON lines file has one. */
function longLineChecker(name: string): { push(chunk: Buffer): void } {
  let length = 0;
  let line = 1;
  // A JSON document is often one long line; its reader bounds each element instead.
  let json: boolean | null = null;
  return {
    push(chunk) {
      json ??= /^[\ufeff\s\0]*[[{]/.test(
        chunk
          .subarray(0, 1024)
          .toString('latin1')
          .replace(/^(\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/, ''),
      );
      if (json) return;
      let from = 0;
      for (;;) {
        const at = nextBreak(chunk, from);
        length += (at === -1 ? chunk.length : at) - from;
        if (length > MAX_RECORD_BYTES) {
          throw new ReosError(
            'validation',
            `${name}:${line}: the line is longer than 1 MiB, so this is no table of records; check the line ends and quotes of the file.`,
            { details: { file: name, line } },
          );
        }
        if (at === -1) return;
        if (!(chunk[at] === 0x0a && at > 0 && chunk[at - 1] === 0x0d)) line += 1;
        length = 0;
        from = at + 1;
      }
    },
  };
}

/** Offset of the next CR or LF from `from`, or -1. */
function nextBreak(chunk: Buffer, from: number): number {
  const lf = chunk.indexOf(0x0a, from);
  const cr = chunk.subarray(from, lf === -1 ? undefined : lf).indexOf(0x0d);
  return cr === -1 ? lf : from + cr;
}

function decide(
  start: Buffer,
  utf8: ReturnType<ReturnType<typeof utf8Checker>['finish']>,
  name: string,
): { encoding: FileEncoding; warning: string | null } {
  if (start[0] === 0xff && start[1] === 0xfe) return { encoding: 'utf16le', warning: null };
  if (start[0] === 0xfe && start[1] === 0xff) return { encoding: 'utf16-be', warning: null };
  if (start.includes(0)) {
    throw new ReosError('validation', `${name} holds binary data, not text; save it as CSV or JSON in UTF-8.`, {
      details: { file: name },
    });
  }
  if (utf8.invalid === null) return { encoding: 'utf8', warning: null };
  const { line, offset } = utf8.invalid;
  const hasBom = start[0] === 0xef && start[1] === 0xbb;
  // Windows-1252 has five undefined bytes and single accented letters; broken UTF-8 has multi-byte sequences elsewhere.
  if (!hasBom && utf8.multiByte === 0 && !utf8.undefined1252) {
    return {
      encoding: 'windows-1252',
      warning: `${name} is not UTF-8 (byte ${offset}, line ${line}); read as Windows-1252. Save it as UTF-8 if letters look wrong.`,
    };
  }
  throw new ReosError(
    'validation',
    `${name}:${line}: byte ${offset} is not valid UTF-8 and the file is no Windows-1252 either; save the file again as UTF-8.`,
    { details: { file: name, line, byteOffset: offset } },
  );
}
