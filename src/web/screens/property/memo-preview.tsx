import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { Loading } from '../../ui/states.tsx';
import styles from './memo.module.css';
import { pathOfLink } from './memo-link.ts';

// What reads PDFs is large: it is loaded with the first memo that is looked at.
const MemoPages = lazy(async () => ({ default: (await import('./memo-pages.tsx')).MemoPages }));

/** The memo's pages beneath it, and a link that opens the PDF in a tab of its own. */
export function MemoPreview({ documentId, url }: { documentId: string; url: string }) {
  const { file, error } = usePdf(documentId, url);
  const [isRefused, setRefused] = useState(false);
  const link = (
    <a href={pathOfLink(url, window.location.origin)} target="_blank" rel="noreferrer">
      Open the PDF
    </a>
  );
  const loading = <Loading label="Memo" lines={36} />;
  if (error || isRefused) {
    return <p className={styles.preview}>It cannot be shown here. {link} in a tab of its own instead.</p>;
  }
  return (
    <div className={styles.preview}>
      {file === null ? (
        loading
      ) : (
        <Suspense fallback={loading}>
          <MemoPages file={file} onRefuse={() => setRefused(true)} />
        </Suspense>
      )}
      <p className="small">{link}</p>
    </div>
  );
}

/** The file; when the link has run out, with a new one. */
async function fetchPdf(documentId: string, url: string): Promise<Blob> {
  const first = await fetch(pathOfLink(url, window.location.origin));
  if (first.ok) return first.blob();
  const { url: fresh } = await take(client.GET('/api/v1/documents/{id}', { params: { path: { id: documentId } } }));
  if (fresh === null) throw new Error('The store gives no link to this memo.');
  const second = await fetch(pathOfLink(fresh, window.location.origin));
  if (!second.ok) throw new Error(`The file of the memo was answered with ${second.status}.`);
  return second.blob();
}

/** The bytes of the memo, once they are here. */
function usePdf(documentId: string, url: string): { file: Blob | null; error: unknown } {
  const [state, setState] = useState<{ file: Blob | null; error: unknown }>({ file: null, error: null });
  // A new signature of the same file is no reason to fetch it again.
  const link = useRef(url);
  useEffect(() => {
    let isOver = false;
    fetchPdf(documentId, link.current).then(
      (file) => {
        if (!isOver) setState({ file, error: null });
      },
      (error: unknown) => {
        if (!isOver) setState({ file: null, error });
      },
    );
    return () => {
      isOver = true;
    };
  }, [documentId]);
  return state;
}
