import { formatAgo, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import styles from './campaigns.module.css';
import type { OtherDraft } from './draft-store.ts';

interface DraftOfferProps {
  others: readonly OtherDraft[];
  onTake: (other: OtherDraft) => void;
  onForget: (other: OtherDraft) => void;
}

/** Drafts of the same campaign that were begun in other tabs, to go on with one of them here. */
export function DraftOffer({ others, onTake, onForget }: DraftOfferProps) {
  if (others.length === 0) return null;
  return (
    <ul className={styles.offers} aria-label="Drafts from other tabs">
      {others.map((other) => {
        const { key, draft, savedAt } = other;
        const name = draft.name === '' ? 'without a name' : `“${draft.name}”`;
        return (
          <li key={key}>
            <span className="grow">
              Another draft, {name}, was begun in another tab. Last typed{' '}
              <time dateTime={new Date(savedAt).toISOString()} title={formatMoment(savedAt)}>
                {formatAgo(savedAt)}
              </time>
              .
            </span>
            <Button size="small" aria-label={`Go on with the draft ${name}`} onClick={() => onTake(other)}>
              Go on with it here
            </Button>
            <Button
              size="small"
              variant="quiet"
              aria-label={`Forget the draft ${name}`}
              onClick={() => onForget(other)}
            >
              Forget it
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
