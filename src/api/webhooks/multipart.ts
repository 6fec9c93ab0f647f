import { ReosError } from '../../domain/errors.ts';

/** A form with files, from its raw bytes. */
export interface MultipartForm {
  /** Content of each field that is no file; of several of one name the first. */
  fields: Map<string, Buffer>;
  /** Files by name and size; what is in them is not kept. */
  files: { field: string; fileName: string; bytes: number }[];
}

const MAX_PARTS = 500;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Reads multipart/form-data (RFC 7578) from the bytes as received, so that texts can be decoded by the character set that
 * each declares.
 * @throws ReosError `validation` for another content type or a body that is cut off
 */
export function parseMultipart(body: Buffer, contentType: string | undefined): MultipartForm {
  const boundary = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(
    contentType ?? '',
  );
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw new ReosError('validation', 'The body is not multipart/form-data with a boundary.');
  const delimiter = Buffer.from(`\r\n--${name}`, 'latin1');
  // The first delimiter has no line end before it.
  const first = Buffer.from(`--${name}`, 'latin1');
  const form: MultipartForm = { fields: new Map(), files: [] };
  let at = body.indexOf(first);
  if (at === -1 || (at > 0 && body[at - 1] !== 0x0a)) throw cutOff();
  at += first.length;
  for (let parts = 0; ; parts += 1) {
    if (body.subarray(at, at + 2).toString('latin1') === '--') return form;
    if (parts === MAX_PARTS) throw new ReosError('validation', `The form has more than ${MAX_PARTS} parts.`);
    const start = body.indexOf('\r\n', at);
    const headerEnd = start === -1 ? -1 : body.indexOf('\r\n\r\n', start);
    const end = headerEnd === -1 ? -1 : body.indexOf(delimiter, headerEnd + 2);
    if (end === -1 || headerEnd - start > MAX_HEADER_BYTES) throw cutOff();
    addPart(
      form,
      body.subarray(start + 2, headerEnd).toString('utf8'),
      body.subarray(Math.min(headerEnd + 4, end), end),
    );
    at = end + delimiter.length;
  }
}

function addPart(form: MultipartForm, head: string, content: Buffer): void {
  const disposition = /^content-disposition\s*:(.*)$/im.exec(head)?.[1] ?? '';
  const field = parameter(disposition, 'name');
  if (field === null) return;
  const fileName = parameter(disposition, 'filename');
  if (fileName !== null) form.files.push({ field, fileName: fileName.slice(0, 200), bytes: content.length });
  else if (!form.fields.has(field)) form.fields.set(field, content);
}

function parameter(disposition: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(disposition);
  return found === null ? null : (found[1]?.replace(/\\(.)/g, '$1') ?? found[2] ?? null);
}

function cutOff(): ReosError {
  return new ReosError('validation', 'The form is cut off or its boundary does not occur in it.');
}
