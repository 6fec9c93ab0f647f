import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api, type Schemas } from '../../app/api.ts';
import { formatDollars, formatDollarsShort } from '../../lib/format.ts';
import { placeOf, streetName } from '../../lib/names.ts';
import { inOneLine } from '../../lib/prose.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import styles from './lists.module.css';

const SHOWN = 6;
/** From this score on a memo is written. */
const GOOD_SCORE = 50;

/** The properties with the best scores, each with the first reason for it. */
export function BestProperties() {
  const isNewest = (useSearch({ strict: false }) as { best?: unknown }).best === 'new';
  const navigate = useNavigate();
  const wanted = isNewest
    ? ({ sort: '-updated_at', min_score: GOOD_SCORE } as const)
    : ({ sort: '-bird_dog_score' } as const);
  const query = api.useQuery('get', '/api/v1/properties/search', {
    params: { query: { ...wanted, limit: SHOWN, facets: false } },
  });
  const choose = (best: string | undefined) =>
    void navigate({ to: '.', search: (old: object) => ({ ...old, best }) as never });
  return (
    <Card
      title="Best properties"
      actions={
        <>
          <SelectField
            label="Which properties"
            isLabelHidden
            value={isNewest ? 'new' : 'best'}
            onChange={({ target }) => choose(target.value === 'new' ? 'new' : undefined)}
          >
            <option value="best">Best score</option>
            <option value="new">Newest with a good score</option>
          </SelectField>
          <Link to="/properties" search={wanted as never}>
            All of them
          </Link>
        </>
      }
      isFlush
    >
      <QueryView
        query={query}
        lines={6}
        isEmpty={({ properties }) => properties.every((one) => one.bird_dog_score === null)}
        empty={<EmptyState title="No property has a score yet">Scores appear here as they are made.</EmptyState>}
      >
        {({ properties }) => (
          <ol className={styles.best}>
            {properties
              .filter((one) => one.bird_dog_score !== null)
              .map((one) => (
                <li key={one.id}>
                  <BestProperty property={one} />
                </li>
              ))}
          </ol>
        )}
      </QueryView>
    </Card>
  );
}

function BestProperty({ property }: { property: Schemas['PropertyFinding'] }) {
  const { id, address, city, state, bird_dog_score: score, top_reason: reason } = property;
  const facts = [
    property.property_sub_type ?? property.property_type,
    property.bedrooms === null ? null : `${property.bedrooms} bd`,
    property.bathrooms === null ? null : `${property.bathrooms} ba`,
    property.sqft === null ? null : `${property.sqft.toLocaleString('en-US')}\u00a0sq\u00a0ft`,
  ].filter((fact) => fact !== null);
  return (
    <Link to="/properties/$propertyId" params={{ propertyId: id }} className={styles.bestLink}>
      <span className={styles.score} data-band={(score ?? 0) >= 60 ? 'high' : (score ?? 0) >= 50 ? 'middle' : 'low'}>
        {Math.round(score ?? 0)}
        <span className="visually-hidden"> points of 100</span>
      </span>
      <span className={styles.bestText}>
        <span className={styles.bestTitle}>
          {address === null ? 'Address not known' : streetName(address)}
          <span className="muted">{city || state ? `, ${placeOf({ city, state })}` : ''}</span>
        </span>
        <span className="small muted">{facts.join(' · ')}</span>
        {reason && <span className={styles.reason}>{inOneLine(reason)}</span>}
      </span>
      <span className={styles.bestEnd}>
        <span className="figures" title={`Estimated value ${formatDollars(property.estimated_value)}`}>
          {property.estimated_value === null ? 'No value yet' : `${formatDollarsShort(property.estimated_value)} value`}
        </span>
        {property.list_price !== null && (
          <span className="small muted">{formatDollarsShort(property.list_price)} asked</span>
        )}
        {property.needs_review ? (
          <Badge tone="warn" title="Facts about it contradict each other">
            Needs review
          </Badge>
        ) : (
          <StatusBadge status={property.status} />
        )}
      </span>
    </Link>
  );
}
