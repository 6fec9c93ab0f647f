/** The date that stands in every memo's file in place of the clock's: as wide as the one it replaces. */
const FIXED_DATE = '20000101000000';

/**
 * Takes the clock out of a PDF: creation and modification dates and the file's /ID get fixed values of the same
 * width, so that equal content gives equal bytes and every offset of the cross-reference table stays right.
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
  return Buffer.from(identified, 'latin1');
}

/** How many pages the PDF's page tree counts; 0 when it has none that can be read. */
export function countPages(pdf: Buffer): number {
  const text = pdf.toString('latin1');
  const counts = [...text.matchAll(/\/Type\s*\/Pages\b[^>]*?\/Count\s+(\d+)/g)].map((match) => Number(match[1]));
  return Math.max(0, ...counts);
}
