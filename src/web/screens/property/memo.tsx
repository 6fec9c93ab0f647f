import { useSearch } from '@tanstack/react-router';
import { FileText } from 'lucide-react';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatMoment, formatNumber } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import styles from './memo.module.css';
import { MemoPreview } from './memo-preview.tsx';
import { useOrders } from './orders.ts';
import type { Property } from './property-query.ts';
import { usePropertyAnswer } from './queries.ts';
import { Section } from './section.tsx';

type Document = Schemas['Document'];

/** The investor memos: which score each tells of, when it was written, and a look at it. */
export function MemoPart({ property }: { property: Property }) {
  return (
    <Section name="memo" title="Investor memo">
      <Memos property={property} />
    </Section>
  );
}

function Memos({ property }: { property: Property }) {
  const documents = usePropertyAnswer(property.id, ['documents'], () =>
    take(client.GET('/api/v1/properties/{id}/documents', { params: { path: { id: property.id } } })),
  );
  const isWanted = useIsWanted();
  const mayMake = useMay()('memos:create');
  const { busy, give } = useOrders(property.id);
  const make = (text: string) =>
    mayMake && property.score !== null ? (
      <Button size="small" busy={busy === 're-memo'} onClick={() => void give('re-memo')}>
        {text}
      </Button>
    ) : undefined;
  return (
    <QueryView
      query={documents}
      label="Memos"
      // As tall as the memo that comes: the parts below do not ask meanwhile.
      lines={isWanted ? 40 : undefined}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <EmptyState title="No memo yet" action={make('Make the memo')}>
          {property.score === null
            ? 'A memo is written from a score, and there is none yet.'
            : 'It is written by itself where the score reaches the threshold of memos.'}
        </EmptyState>
      }
    >
      {({ items }) => <MemoList items={items} property={property} remake={make('Make it again')} />}
    </QueryView>
  );
}

function MemoList({ items, property, remake }: { items: Document[]; property: Property; remake: React.ReactNode }) {
  const [chosenId, setShown] = useState<string | null>();
  const isWanted = useIsWanted();
  const newest = items[0]!;
  // Whoever comes for the memo sees it at once.
  const shownId = chosenId === undefined && isWanted ? newest.id : chosenId;
  const isOld = property.score !== null && newest.scored_at !== null && property.score.scored_at > newest.scored_at;
  return (
    <>
      {isOld && (
        <div className="row">
          <Badge tone="warn">Of an older score</Badge>
          <span className="small">The property has been scored again since.</span>
          {remake}
        </div>
      )}
      <ul className={styles.list}>
        {items.map((one) => (
          <li key={one.id}>
            <FileText size={18} aria-hidden="true" />
            <div className="grow">
              <div className="row">
                <b>{one.bird_dog_score === null ? 'Memo' : `Memo of score ${formatNumber(one.bird_dog_score)}`}</b>
                {one.status === 'superseded' && <Badge>Superseded</Badge>}
                {one.variant && <Badge tone="info">Variant {one.variant}</Badge>}
              </div>
              <p className="muted small">
                Written {formatAgo(one.created_at)} ({formatMoment(one.created_at)}), {one.pages} pages,{' '}
                {formatNumber(one.bytes / 1024, 0)} kB
              </p>
            </div>
            {one.url !== null && (
              <Button
                size="small"
                aria-expanded={shownId === one.id}
                onClick={() => setShown(shownId === one.id ? null : one.id)}
              >
                {shownId === one.id ? 'Hide' : 'Preview'}
              </Button>
            )}
            {shownId === one.id && one.url !== null && <MemoPreview documentId={one.id} url={one.url} />}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Whether the address asks for the memo. */
function useIsWanted(): boolean {
  return (useSearch({ strict: false }) as { at?: unknown }).at === 'memo';
}
