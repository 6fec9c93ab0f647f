import { Link, useParams } from '@tanstack/react-router';
import { useSeen } from '../properties/use-seen.ts';
import styles from './parts.module.css';
import { PropertyParts } from './parts.tsx';
import { nameOfProperty, useProperty } from './property-query.ts';

/** `/properties/$propertyId`: everything about a property on a page of its own. */
export function PropertyScreen() {
  const { propertyId = '' } = useParams({ strict: false });
  const { data, error } = useProperty(propertyId);
  useSeen(data === undefined ? undefined : propertyId);
  return (
    <>
      <title>{`${data ? nameOfProperty(data) : 'Property'} · Real Estate OS`}</title>
      {data === undefined && <h1 className="visually-hidden">Property</h1>}
      <PropertyParts key={propertyId} propertyId={propertyId} />
      {data === undefined && error !== null && (
        <p className={styles.elsewhere}>
          <Link to="/properties">All properties</Link>
        </p>
      )}
    </>
  );
}
