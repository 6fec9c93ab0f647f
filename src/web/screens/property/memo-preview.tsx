import { useEffect, useRef, useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { Loading } from '../../ui/states.tsx';
import styles from './memo.module.css';
import { pathOfLink } from './memo-link.ts';

/** The PDF in the page where the browser can show one, and a link that opens it in any case. */
export function MemoPreview({ documentId, url }: { documentId: string; url: string }) {
  const { shown, error } = usePdf(documentId, url);
  const link = (
    <a href={pathOfLink(url, window.location.origin)} target="_blank" rel="noreferrer">
      Open the PDF
    </a>
  );
  if (error) {
    return <p className={styles.preview}>It cannot be shown here. {link} in a tab of its own instead.</p>;
  }
  if (shown === null) {
    return (
      <div className={styles.preview}>
        <Loading label="Memo" lines={6} />
      </div>
    );
  }
  const canShow = (navigator as { pdfViewerEnabled?: boolean }).pdfViewerEnabled !== false;
  return (
    <div className={styles.preview}>
      {canShow && <iframe src={`${shown}#view=FitH&navpanes=0`} title="Investor memo" className={styles.frame} />}
      <p className="small">
        {!canShow && 'This browser does not show PDFs in a page. '}
        {link}
      </p>
    </div>
  );
}

/** The file; when the link has run out, with a new one. */
async function fetchPdf(documentId: string, url: string): Promise<Blob> {
  const first = await fetch(pathOfLink(url, window.location.origin));
  if (first.ok) return pdfOf(first);
  const { url: fresh } = await take(client.GET('/api/v1/documents/{id}', { params: { path: { id: documentId } } }));
  if (fresh === null) throw new Error('The store gives no link to this memo.');
  const second = await fetch(pathOfLink(fresh, window.location.origin));
  if (!second.ok) throw new Error(`The file of the memo was answered with ${second.status}.`);
  return pdfOf(second);
}

async function pdfOf(response: Response): Promise<Blob> {
  return new Blob([await response.arrayBuffer()], { type: 'application/pdf' });
}

/** An address of this page for the file, gone when it is no longer shown. */
function usePdf(documentId: string, url: string): { shown: string | null; error: unknown } {
  const [state, setState] = useState<{ shown: string | null; error: unknown }>({ shown: null, error: null });
  // A new signature of the same file is no reason to fetch it again.
  const link = useRef(url);
  useEffect(() => {
    let made: string | null = null;
    let isOver = false;
    fetchPdf(documentId, link.current).then(
      (blob) => {
        if (isOver) return;
        made = URL.createObjectURL(blob);
        setState({ shown: made, error: null });
      },
      (error: unknown) => {
        if (!isOver) setState({ shown: null, error });
      },
    );
    return () => {
      isOver = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [documentId]);
  return state;
}
