import { Bookmark, BookmarkPlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import styles from './properties.module.css';

interface ListActionsProps {
  /** There is something to keep under a name. */
  canSave: boolean;
  onSaved: () => void;
  onSave: () => void;
  /** What else can be done with the list. */
  children: ReactNode;
}

/** The saved searches, and keeping the present one. */
export function ListActions({ canSave, onSaved, onSave, children }: ListActionsProps) {
  return (
    <>
      {children}
      <Button className={styles.action} aria-label="Saved searches" icon={<Bookmark size={16} />} onClick={onSaved}>
        <span>Saved searches</span>
      </Button>
      {canSave && (
        <Button className={styles.action} aria-label="Save search" icon={<BookmarkPlus size={16} />} onClick={onSave}>
          <span>Save search</span>
        </Button>
      )}
    </>
  );
}
