import { Check, Copy } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './settings.module.css';

interface SecretDialogProps {
  title: string;
  secret: string;
  /** What it is for, and how it is used. */
  about: string;
  onClose: () => void;
}

/** A secret that is shown this once, to be copied. It is left by a button that says so, not by accident. */
export function SecretDialog({ title, secret, about, onClose }: SecretDialogProps) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  const id = useId();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied('yes');
    } catch (error) {
      // The browser keeps the clipboard from pages that are not served securely.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      setCopied('failed');
    }
  };
  return (
    <Dialog
      title={title}
      actions={
        <Button variant="primary" onClick={onClose}>
          I have stored it
        </Button>
      }
    >
      <div className="stack">
        <p>{about}</p>
        <p>
          <strong>It is shown this once.</strong> Nobody can read it again: a lost one is replaced by a new one.
        </p>
        <div className={styles.secret}>
          <label htmlFor={id} className="visually-hidden">
            {title}
          </label>
          <input id={id} readOnly value={secret} spellCheck={false} onFocus={({ target }) => target.select()} />
          <Button icon={copied === 'yes' ? <Check size={16} /> : <Copy size={16} />} onClick={() => void copy()}>
            {copied === 'yes' ? 'Copied' : 'Copy'}
          </Button>
        </div>
        <p className="small muted" role="status">
          {copied === 'failed' && 'The browser does not let this page copy. Mark the text and copy it by hand.'}
        </p>
      </div>
    </Dialog>
  );
}
