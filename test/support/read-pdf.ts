import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** What a reader gets out of a PDF: its text in order, its pages, title, tags and outline. */
export async function readPdf(pdf: Buffer) {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const pages: string[] = [];
  for (let number = 1; number <= document.numPages; number += 1) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(items.map((item) => ('str' in item ? item.str + (item.hasEOL ? ' ' : '') : '')).join(''));
  }
  const { info } = await document.getMetadata();
  const marked = await document.getMarkInfo();
  const outline = await document.getOutline();
  await document.destroy();
  return {
    text: pages.join('\n').replace(/\s+/g, ' '),
    pages: pages.length,
    info: { ...info } as Record<string, unknown>,
    marked,
    outline,
  };
}
