import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../lib/format.ts';
import styles from './mail-preview.module.css';

interface MailPreviewProps {
  /** What is shown, for screen readers: "E-mail to Jo Example". */
  label: string;
  html: string;
  /** Paper: wider than the place it has, it is shown smaller. */
  isPaper?: boolean;
}

const HIGHEST_PX = 2_400;

/**
 * A message's HTML as its recipient sees it, in a page of its own that can run nothing, load nothing and go nowhere.
 * Links open nothing; their addresses are told on hover.
 */
export function MailPreview({ label, html, isPaper = false }: MailPreviewProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(320);
  const [width, setWidth] = useState<number | undefined>();
  const [hidden, setHidden] = useState(0);
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    const onMessage = ({ source, data }: MessageEvent<unknown>) => {
      // The frame's origin is opaque, so it is known by its window alone.
      if (source === null || source !== frame.current?.contentWindow) return;
      const told = data as { kind?: unknown; height?: unknown; width?: unknown; hidden?: unknown } | null;
      if (told?.kind === 'mail-preview-ready') setReady(true);
      if (told?.kind === 'mail-preview-size' && typeof told.height === 'number') {
        setHeight(Math.min(Math.max(told.height, 48), HIGHEST_PX));
        setWidth(typeof told.width === 'number' && told.width > 0 ? told.width : undefined);
      }
      if (told?.kind === 'mail-preview-shown' && typeof told.hidden === 'number') setHidden(told.hidden);
    };
    window.addEventListener('message', onMessage);
    return () => window.removeEventListener('message', onMessage);
  }, []);
  useEffect(() => {
    // Its origin is opaque: no other target can be named. What is sent is meant for that window, whatever is in it.
    if (isReady) frame.current?.contentWindow?.postMessage({ kind: 'mail-preview', html, isFitted: isPaper }, '*');
  }, [html, isPaper, isReady]);
  return (
    <div className={styles.preview} data-paper={isPaper || undefined}>
      <iframe
        ref={frame}
        className={styles.frame}
        src="/mail-preview"
        sandbox="allow-scripts"
        title={label}
        style={{ height, maxWidth: isPaper ? width : undefined }}
      />
      {hidden > 0 && (
        <p className={styles.note}>
          {formatCount(hidden)} {hidden === 1 ? 'image is' : 'images are'} fetched from elsewhere by the recipient and
          not shown here, so that nobody learns that you looked.
        </p>
      )}
    </div>
  );
}
