/** The date that stands in every memo's file in place of the clock's: as wide as the one it replaces. */
const FIXED_DATE = '20000101000000';

/** The name of a table heading, where other cells and the index of names refer to it; a text of the memo is never there. */
const HEADING = /(?<=\/ID |\[|\) |R )\(node(\d{8})\)/g;

/**
 * Takes out of a PDF what its content does not decide: creation and modification dates and the file's /ID get fixed
 * values, and table headings, which are named after a counter of the browser's, are numbered from one in the same order.
 * All of the same width, so that equal content gives equal bytes and every offset of the cross-reference table stays right.
 */
export function normalisePdf(pdf: Buffer): Buffer {
  const text = pdf.toString('latin1');
  const dated = text.replace(
    /(\/(?:CreationDate|ModDate)\s*\(D:)(\d{14})([^)]*)\)/g,
    (_all, name: string, _digits: string, zone: string) =>
      `${name}${FIXED_DATE}${zone.replace(/[+-]\d\d/, '+00').replace(/'\d\d/, "'00")})`,
  );
  const identified = dated.replace(
    /(\/ID\s*\[\s*<)([0-9A-Fa-f]+)(>\s*<)([0-9A-Fa-f]+)(>)/g,
    (_all, open: string, first: string, between: string, second: string, close: string) =>
      `${open}${'0'.repeat(first.length)}${between}${'0'.repeat(second.length)}${close}`,
  );
  return Buffer.from(numberHeadings(identified), 'latin1');
}

function numberHeadings(text: string): string {
  const names = new Set([...text.matchAll(HEADING)].map(([, digits]) => digits ?? ''));
  const places = new Map([...names].sort().map((digits, index) => [digits, String(index + 1).padStart(8, '0')]));
  return text.replace(HEADING, (_all, digits: string) => `(node${places.get(digits)})`);
}

/** How many pages the PDF's page tree counts; 0 when it has none that can be read. */
export function countPages(pdf: Buffer): number {
  const text = pdf.toString('latin1');
  const counts = [...text.matchAll(/\/Type\s*\/Pages\b[^>]*?\/Count\s+(\d+)/g)].map((match) => Number(match[1]));
  return Math.max(0, ...counts);
}

/** Whether the PDF has its beginning and its end: one that was cut off on its way has no end. */
export function isWholePdf(pdf: Buffer): boolean {
  return pdf.subarray(0, 5).toString('latin1') === '%PDF-' && /%%EOF\s*$/.test(pdf.subarray(-8).toString('latin1'));
}
