import { formatBytes } from '../../lib/format.ts';

/** Largest upload, in bytes: what the API takes. */
export const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;

/** Endings of files that can be read, as a file chooser takes them. */
export const ACCEPTED = '.csv,.tsv,.txt,.json,.jsonl,.ndjson,.geojson,.html,.htm,.gz';

const KNOWN = /\.(csv|tsv|txt|json|jsonl|ndjson|geojson|html?)(\.gz)?$/i;

/** Why a file cannot be uploaded; undefined when it can. */
export function refusalOf(file: { name: string; size: number }): string | undefined {
  if (!KNOWN.test(file.name)) {
    const isSheet = /\.(xlsx?|ods|numbers)$/i.test(file.name);
    return isSheet
      ? `${file.name} is a spreadsheet. Save it as CSV (File → Save as → CSV), then upload that.`
      : `${file.name} is not a kind of file that is read here: CSV, TSV, JSON or a saved web page, also packed with gzip.`;
  }
  if (file.size === 0) return `${file.name} is empty.`;
  if (file.size > MAX_UPLOAD_BYTES) {
    const advice = /\.gz$/i.test(file.name) ? 'Split it into parts.' : 'Pack it with gzip, or split it into parts.';
    return `${file.name} has ${formatBytes(file.size)}; at most ${formatBytes(MAX_UPLOAD_BYTES)} can be uploaded. ${advice}`;
  }
  return undefined;
}

/** The name as the API takes it: without folders, at most 200 characters, its ending kept. */
export function uploadName(name: string): string {
  const plain = name.replace(/^.*[\\/]/, '');
  return plain.length <= 200 ? plain : plain.slice(0, 150) + plain.slice(-50);
}
