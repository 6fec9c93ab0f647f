import { TextDecoder } from 'node:util';
import type { InboundEmail } from '../../domain/outreach/inbound.ts';
import { parseMultipart } from './multipart.ts';

/** An e-mail as Inbound Parse hands it over. */
export interface ParsedEmail extends InboundEmail {
  /** As the sender wrote it; at most 500 characters. */
  from: string;
  /** Everything that says whom it was written to: headers and envelope. */
  recipients: string[];
  /** Names of attached files. */
  attachments: string[];
}

const MAX_TEXT = 100_000;
const MAX_SUBJECT = 1_000;
const MAX_HTML = 500_000;
const MAX_HEADERS = 200_000;

/**
 * Reads the form of SendGrid's Inbound Parse, with the mail taken apart (`headers`, `text`, `html`) or raw (`email`, of
 * which the headers are read and the rest is kept as it is).
 * @throws ReosError `validation` when the body is no such form
 */
export function parseInboundEmail(body: Buffer, contentType: string | undefined): ParsedEmail {
  const form = parseMultipart(body, contentType);
  const charsets = readCharsets(form.fields.get('charsets'));
  const field = (name: string, max: number) => decode(form.fields.get(name), charsets[name], max);
  const raw = field('email', MAX_HEADERS + MAX_TEXT);
  const bodyAt = /\r?\n\r?\n/.exec(raw);
  const head = field('headers', MAX_HEADERS) || (bodyAt === null ? raw : raw.slice(0, bodyAt.index));
  const headers = parseHeaders(head);
  const text = field('text', MAX_TEXT) || plain(field('html', MAX_HTML)).slice(0, MAX_TEXT);
  const rawText = bodyAt === null ? '' : raw.slice(bodyAt.index + bodyAt[0].length, bodyAt.index + MAX_TEXT);
  return {
    headers,
    from: (field('from', 500) || headers.get('from') || '').slice(0, 500),
    recipients: [
      field('envelope', 10_000),
      field('to', 10_000),
      field('cc', 10_000),
      headers.get('to') ?? '',
      headers.get('cc') ?? '',
    ],
    subject: (field('subject', MAX_SUBJECT) || headers.get('subject') || '').slice(0, MAX_SUBJECT),
    text: text === '' ? rawText : text,
    attachments: form.files.slice(0, 50).map((file) => file.fileName),
  };
}

/** Headers by name in lower case, folded lines joined; of several of one name the first. */
export function parseHeaders(head: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}

function readCharsets(field: Buffer | undefined): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(field?.toString('utf8') ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // Without it everything is read as UTF-8; a reply must not be lost over it.
    return {};
  }
}

function decode(bytes: Buffer | undefined, charset: unknown, max: number): string {
  if (bytes === undefined) return '';
  // No character takes more than four bytes.
  const part = bytes.subarray(0, max * 4);
  // Postgres keeps no NUL in text.
  return decoderOf(charset).decode(part).slice(0, max).replaceAll('\0', '');
}

function decoderOf(charset: unknown): TextDecoder {
  try {
    return new TextDecoder(typeof charset === 'string' ? charset : 'utf-8');
  } catch {
    // A character set that nobody knows: what is ASCII in it can still be read.
    return new TextDecoder('utf-8');
  }
}

/** The words of an HTML text, for reading alone: it is never shown as HTML. */
function plain(html: string): string {
  return html
    .replace(/<(style|script|head)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<(br|\/p|\/div|\/tr)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&nbsp;/gi, ' ')
    .replace(/&lt;/gi, '<')
    .replace(/&gt;/gi, '>')
    .replace(/&amp;/gi, '&')
    .replace(/[ \t]+/g, ' ')
    .trim();
}
