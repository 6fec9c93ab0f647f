import { Link } from '@tanstack/react-router';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { formatCount, formatDollars, formatNumber, formatPercent } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { QueryView } from '../../ui/states.tsx';
import { nameOfProperty, type Property } from './property-query.ts';
import { usePropertyAnswer } from './queries.ts';
import { Section } from './section.tsx';
import styles from './similar.module.css';

const SHOWN = 6;

interface SimilarProperty {
  property_id: string;
  address: string | null;
  apn: string | null;
  city: string | null;
  price: number | null;
  sqft: number | null;
  bedrooms: number | null;
  bird_dog_score: number | null;
  status: string;
  /** 0–1. */
  similarity: number;
  alike: Array<{ label: string }>;
  different: Array<{ label: string }>;
}

/** The properties most like this one, with what makes them alike and what tells them apart. */
export function SimilarPart({ property }: { property: Property }) {
  return (
    <Section name="similar" title="Similar properties">
      <Similar propertyId={property.id} />
    </Section>
  );
}

function Similar({ propertyId }: { propertyId: string }) {
  const answer = usePropertyAnswer(propertyId, ['similar'], () =>
    take(client.GET('/api/v1/properties/{id}/similar', { params: { path: { id: propertyId } } })),
  );
  return (
    <QueryView
      query={answer}
      label="Similar properties"
      isEmpty={({ items }) => items.length === 0}
      empty={<p className="muted">There is nothing else to compare it with yet.</p>}
    >
      {({ items, compared }) => (
        <>
          <ul className={styles.list}>
            {(items as unknown as SimilarProperty[]).slice(0, SHOWN).map((one) => (
              <li key={one.property_id}>
                <div className="row spread">
                  <Link to="/properties/$propertyId" params={{ propertyId: one.property_id }}>
                    {nameOfProperty(one)}
                  </Link>
                  <span className="figures small">{formatPercent(one.similarity, 0)} alike</span>
                </div>
                <div className="row small figures">
                  <StatusBadge status={one.status} />
                  <span>
                    {one.bird_dog_score === null ? 'not scored' : `score ${formatNumber(one.bird_dog_score)}`}
                  </span>
                  <span className="muted">
                    {[
                      one.price !== null && formatDollars(one.price),
                      one.sqft !== null && `${formatCount(one.sqft)} sq ft`,
                      one.bedrooms !== null && `${formatNumber(one.bedrooms)} bd`,
                      one.city,
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </div>
                <p className="muted small">
                  Alike in {one.alike.map(({ label }) => label).join(', ')}; apart in{' '}
                  {one.different.map(({ label }) => label).join(', ')}.
                </p>
              </li>
            ))}
          </ul>
          <p className="muted small">Of {formatCount(compared)} properties that were compared.</p>
        </>
      )}
    </QueryView>
  );
}
