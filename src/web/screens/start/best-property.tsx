import { Link } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import { api } from '../../app/api.ts';
import { formatDollars, formatNumber } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { MemoPreview } from '../property/memo-preview.tsx';
import type { Property } from '../property/property-query.ts';
import styles from './start.module.css';

/** The property with the highest score, why it is so, and its memo. */
export function BestProperty({ hasMemo, isOver }: { hasMemo: boolean; isOver: boolean }) {
  const query = api.useQuery('get', '/api/v1/properties', {
    params: { query: { limit: 1, sort: '-bird_dog_score', ...(hasMemo ? { status: 'packet_ready' as const } : {}) } },
  });
  return (
    <QueryView
      query={query}
      label="Loading the best property"
      isEmpty={({ items }) => items.length === 0}
      empty={<EmptyState title="No property has a score yet">The counts below show where they are.</EmptyState>}
    >
      {({ items }) => <Best propertyId={items[0]!.id} heading={isOver ? 'The best' : 'The best so far'} />}
    </QueryView>
  );
}

function Best({ propertyId, heading }: { propertyId: string; heading: string }) {
  const params = { params: { path: { id: propertyId } } };
  const query = api.useQuery('get', '/api/v1/properties/{id}', params);
  const memos = api.useQuery('get', '/api/v1/properties/{id}/documents', params);
  return (
    <QueryView query={query} label="Loading the best property" lines={6}>
      {(property) => {
        const memo = memos.data?.items.find(({ status, url }) => status === 'generated' && url !== null);
        return (
          <Card
            title={`${heading}: ${titleOf(property)}`}
            actions={
              <Link to="/properties/$propertyId" params={{ propertyId }} className={styles.open}>
                Open the property <ExternalLink size={14} aria-hidden="true" />
              </Link>
            }
          >
            <div className={styles.best}>
              <div className="stack">
                <Facts facts={factsOf(property)} />
                <Reasons property={property} />
                {isSimulated(property) && (
                  <p className="small">
                    <Badge tone="warn">Simulated values</Badge> Some public records could not be asked from here and are
                    made up. The memo marks them; take no decision by them.
                  </p>
                )}
              </div>
              {memo?.url == null ? (
                <EmptyState title="No memo">
                  A memo is written from a score of 50 on. This property stays below it, or its memo is being written.
                </EmptyState>
              ) : (
                <MemoPreview documentId={memo.id} url={memo.url} />
              )}
            </div>
          </Card>
        );
      }}
    </QueryView>
  );
}

function titleOf(property: Property): string {
  return [property.address ?? property.apn ?? 'a property without an address', property.city]
    .filter(Boolean)
    .join(', ');
}

function factsOf(property: Property): Array<readonly [string, string]> {
  return [
    ['Score', `${formatNumber(property.bird_dog_score)} of 100`],
    ['Estimated value', formatDollars(property.estimated_value)],
    ['Last sale', formatDollars(property.last_sale_price)],
    [
      'House',
      `${property.bedrooms ?? '?'} bedrooms, ${formatNumber(property.sqft, 0)} square feet, ${property.year_built ?? 'year unknown'}`,
    ],
  ];
}

function Reasons({ property }: { property: Property }) {
  const reasons = (property.score?.reasons ?? []) as ReadonlyArray<{ label?: string }>;
  if (reasons.length === 0) return null;
  return (
    <div>
      <h3>Why</h3>
      <ul className={styles.reasons}>
        {reasons.slice(0, 4).map(({ label }) => (
          <li key={label}>{label}</li>
        ))}
      </ul>
    </div>
  );
}

function isSimulated(property: Property): boolean {
  return Object.values(property.field_sources ?? {}).some((one) => (one as { simulated?: boolean } | null)?.simulated);
}
