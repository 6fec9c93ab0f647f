import { crc32, inflateRawSync } from 'node:zlib';

/** One file of an archive: its name, and its bytes when asked for. */
export type ZipEntry = { name: string; read: () => Buffer };

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localEntry = 0x04034b50;

/**
 * The files of a zip archive, as PyPI's wheels are (PKWARE APPNOTE 6.3.10; stored or deflated, not split, below 4 GB).
 * @throws Error saying what is wrong with the archive; `read` throws when a file's checksum does not hold
 */
export function zipEntries(archive: Buffer): ZipEntry[] {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > archive.length || archive.readUInt32LE(end) !== endOfDirectory) {
    throw new Error('it is no zip archive, or is cut off');
  }
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  return Array.from({ length: count }, () => {
    if (at + 46 > end || archive.readUInt32LE(at) !== directoryEntry) throw new Error('its directory is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) =>
      archive.readUInt16LE(at + offset),
    ) as [number, number, number];
    const entry = {
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      method: archive.readUInt16LE(at + 10),
      checksum: archive.readUInt32LE(at + 16),
      packedSize: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      start: archive.readUInt32LE(at + 42),
    };
    at += 46 + nameLength + extraLength + commentLength;
    return { name: entry.name, read: () => readEntry(archive, entry) };
  });
}

type Place = { name: string; method: number; checksum: number; packedSize: number; size: number; start: number };

function readEntry(archive: Buffer, { name, method, checksum, packedSize, size, start }: Place): Buffer {
  if (start + 30 > archive.length || archive.readUInt32LE(start) !== localEntry) throw new Error(`${name} is damaged`);
  const from = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
  const packed = archive.subarray(from, from + packedSize);
  if (method !== 0 && method !== 8) throw new Error(`${name} is packed in an unknown way (${method})`);
  const bytes = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
  if (bytes.length !== size || crc32(bytes) !== checksum) throw new Error(`${name} is damaged: its checksum differs`);
  return bytes;
}
