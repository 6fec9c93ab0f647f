import { getDocument, type PDFDocumentProxy, PDFWorker, TextLayer } from 'pdfjs-dist';
import { useEffect, useRef, useState } from 'react';
import { Loading } from '../../ui/states.tsx';
import styles from './memo.module.css';

interface PagesProps {
  file: Blob;
  /** Called when the file cannot be drawn. */
  onRefuse: () => void;
}

/**
 * The pages of a PDF, drawn by the dashboard's own code: no plugin of the browser takes part, so they look the same in
 * every browser and the page's policy needs no exception. The words are there, too, for reading aloud and for copying.
 */
export function MemoPages({ file, onRefuse }: PagesProps) {
  const pdf = useDocument(file, onRefuse);
  if (pdf === null) return <Loading label="Memo" lines={36} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keys
    <section className={styles.pages} aria-label="Pages of the memo" tabIndex={0}>
      {Array.from({ length: pdf.numPages }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pages have no other name
        <MemoPage key={index} pdf={pdf} number={index + 1} onRefuse={onRefuse} />
      ))}
    </section>
  );
}

function MemoPage({ pdf, number, onRefuse }: { pdf: PDFDocumentProxy; number: number; onRefuse: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const words = useRef<HTMLDivElement>(null);
  const refuse = useRef(onRefuse);
  refuse.current = onRefuse;
  useEffect(() => {
    let isOver = false;
    draw(pdf, number, () => (isOver ? null : { canvas: canvas.current!, words: words.current! })).catch(() => {
      if (!isOver) refuse.current();
    });
    return () => {
      isOver = true;
    };
  }, [pdf, number]);
  return (
    <div className={styles.page}>
      <canvas ref={canvas} />
      <div ref={words} className={styles.words} />
    </div>
  );
}

/** Draws a page as wide as its place, as sharp as the screen, with its words over it. `places` gives null once it is over. */
async function draw(
  pdf: PDFDocumentProxy,
  number: number,
  places: () => { canvas: HTMLCanvasElement; words: HTMLDivElement } | null,
): Promise<void> {
  const page = await pdf.getPage(number);
  const place = places();
  if (place === null) return;
  const { canvas, words } = place;
  const bare = page.getViewport({ scale: 1 });
  const scale = (canvas.parentElement?.clientWidth || bare.width) / bare.width;
  const sharp = page.getViewport({ scale: scale * Math.min(2, window.devicePixelRatio || 1) });
  canvas.width = Math.floor(sharp.width);
  canvas.height = Math.floor(sharp.height);
  await page.render({ canvas, viewport: sharp }).promise;
  const textContentSource = await page.getTextContent();
  if (places() === null) return;
  words.replaceChildren();
  words.style.setProperty('--total-scale-factor', String(scale));
  await new TextLayer({ textContentSource, container: words, viewport: page.getViewport({ scale }) }).render();
  canvas.dataset.drawn = 'true';
}

/** The document that the file holds; its worker ends when it is no longer shown. */
function useDocument(file: Blob, onRefuse: () => void): PDFDocumentProxy | null {
  const [document, setDocument] = useState<PDFDocumentProxy | null>(null);
  const refuse = useRef(onRefuse);
  refuse.current = onRefuse;
  useEffect(() => {
    const port = new Worker(new URL('./memo-worker.ts', import.meta.url), { type: 'module' });
    const worker = PDFWorker.create({ port });
    let isOver = false;
    const open = async () => {
      const data = new Uint8Array(await file.arrayBuffer());
      // Nothing in the file may run, and nothing is fetched for it.
      return getDocument({ data, worker, isEvalSupported: false, useWasm: false }).promise;
    };
    open().then(
      (opened) => {
        if (!isOver) setDocument(opened);
      },
      () => {
        if (!isOver) refuse.current();
      },
    );
    return () => {
      isOver = true;
      worker.destroy();
      port.terminate();
    };
  }, [file]);
  return document;
}
