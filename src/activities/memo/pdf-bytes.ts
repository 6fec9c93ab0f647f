/** The date that stands in every memo's file in place of the clock's: as wide as the one it replaces. */
const FIXED_DATE = '20000101000000';

const DATE = /(\/(?:CreationDate|ModDate)\s*\(D:)\d{14}([^)]*)\)/g;
const FILE_ID = /(\/ID\s*\[\s*<)([0-9A-Fa-f]+)(>\s*<)([0-9A-Fa-f]+)>/g;

/** The name of a table heading, where other cells and the index of names refer to it; a text of the memo is never there. */
const HEADING = /\(node(?<=(?:\/ID |\[|\) |R )\(node)(\d{8})\)/g;

/**
 * Takes out of a PDF what its content does not decide: creation and modification dates and the file's /ID get fixed
 * values, and table headings, which are named after a counter of the browser's, are numbered from one in the same order.
 * All of the same width, so that equal content gives equal bytes and every offset of the cross-reference table stays right.
 */
export function normalisePdf(pdf: Buffer): Buffer {
  // One text to look in, and the few bytes that change written over: a memo has half a megabyte, and a copy for each
  // kind of change would be the most that a rendering leaves to the garbage collector.
  const text = pdf.toString('latin1');
  const fixed = Buffer.from(pdf);
  for (const { index, 1: name = '', 2: zone = '' } of text.matchAll(DATE))
    fixed.write(FIXED_DATE + zone.replace(/[+-]\d\d/, '+00').replace(/'\d\d/, "'00"), index + name.length, 'latin1');
  for (const { index, 1: open = '', 2: first = '', 3: between = '', 4: second = '' } of text.matchAll(FILE_ID)) {
    fixed.fill('0', index + open.length, index + open.length + first.length);
    const start = index + open.length + first.length + between.length;
    fixed.fill('0', start, start + second.length);
  }
  const headings = [...text.matchAll(HEADING)];
  const names = [...new Set(headings.map(([, digits = '']) => digits))].sort();
  const places = new Map(names.map((digits, place) => [digits, String(place + 1).padStart(8, '0')]));
  for (const { index, 1: digits = '' } of headings)
    fixed.write(places.get(digits) ?? digits, index + '(node'.length, 'latin1');
  return fixed;
}

/** How many pages the PDF's page tree counts; 0 when it has none that can be read. */
export function countPages(pdf: Buffer): number {
  let most = 0;
  for (let at = pdf.indexOf('/Pages'); at >= 0; at = pdf.indexOf('/Pages', at + 1)) {
    const end = pdf.indexOf('>>', at);
    const around = pdf.toString('latin1', Math.max(0, at - 16), end < 0 ? pdf.length : end);
    most = Math.max(most, Number(/\/Type\s*\/Pages\b[^>]*?\/Count\s+(\d+)/.exec(around)?.[1] ?? 0));
  }
  return most;
}

/** Whether the PDF has its beginning and its end: one that was cut off on its way has no end. */
export function isWholePdf(pdf: Buffer): boolean {
  return pdf.subarray(0, 5).toString('latin1') === '%PDF-' && /%%EOF\s*$/.test(pdf.subarray(-8).toString('latin1'));
}
