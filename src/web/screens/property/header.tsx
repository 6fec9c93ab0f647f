import { Link } from '@tanstack/react-router';
import { Maximize2, X } from 'lucide-react';
import { useMay } from '../../app/permissions.ts';
import {
  formatDollars,
  formatDollarsShort,
  formatMoment,
  formatNumber,
  formatPercent,
  humanise,
} from '../../lib/format.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions } from './actions.tsx';
import { Assignees } from './assignees.tsx';
import styles from './header.module.css';
import { priceOf, priceWords } from './price-words.ts';
import { nameOfProperty, type Property } from './property-query.ts';
import { Heading } from './section.tsx';
import { Tags } from './tags.tsx';

/** What the property is, where it stands, its figures at a glance, and what can be done next. */
export function PropertyHeader({ property, onClose }: { property: Property; onClose?: (() => void) | undefined }) {
  const may = useMay();
  const isSimulated = (property.field_sources.address as { simulated?: boolean } | undefined)?.simulated === true;
  const place = [property.city, property.state, property.zip_code].filter(Boolean).join(', ');
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <div className="grow">
          <Heading depth={0}>{nameOfProperty(property)}</Heading>
          <p className="muted">
            {[place, property.address && property.apn && `parcel ${property.apn}`].filter(Boolean).join(' · ')}
          </p>
        </div>
        {onClose && (
          <div className={styles.corner}>
            <Link
              to="/properties/$propertyId"
              params={{ propertyId: property.id }}
              className={styles.full}
              aria-label="Open as a page"
              title="Open as a page"
            >
              <Maximize2 size={16} aria-hidden="true" />
            </Link>
            <Button variant="quiet" size="small" icon={<X size={16} />} aria-label="Close" onClick={onClose} />
          </div>
        )}
      </div>
      <div className="row">
        <StatusBadge status={property.status} />
        {property.is_paused && <Badge tone="warn">Paused</Badge>}
        {property.needs_review && <Badge tone="warn">A person should look</Badge>}
        {isSimulated && (
          <Badge tone="info" title="The address was made up by an offline simulator: it is no fact about this house.">
            Simulated address
          </Badge>
        )}
        {property.property_sub_type && <span className="muted small">{property.property_sub_type}</span>}
        <span className="muted small figures">{sizeWords(property)}</span>
      </div>
      <Trouble property={property} />
      <Figures property={property} />
      <Actions property={property} />
      {may('timeline:read') && (
        <div className={styles.labels}>
          <Tags propertyId={property.id} />
          <Assignees propertyId={property.id} />
        </div>
      )}
    </header>
  );
}

function sizeWords({ bedrooms, bathrooms, sqft, year_built: built }: Property): string {
  return [
    bedrooms !== null && `${formatNumber(bedrooms)} bd`,
    bathrooms !== null && `${formatNumber(bathrooms, 2)} ba`,
    sqft !== null && `${formatNumber(sqft, 0)} sq ft`,
    built !== null && `built ${built}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Why it stands still, where it does. */
function Trouble({ property }: { property: Property }) {
  const { failure_reason: failure, failed_stage: stage, held_reason: held, held_until: until } = property;
  if (failure !== null || stage !== null) {
    return (
      <p className={styles.trouble} data-tone="bad">
        <strong>{stage ? `Failed at ${humanise(stage).toLowerCase()}` : 'Failed'}.</strong> {failure} Resume takes it up
        there again.
      </p>
    );
  }
  if (held === null) return null;
  return (
    <p className={styles.trouble} data-tone="warn">
      <strong>Waiting{until ? ` until ${formatMoment(until)}` : ''}.</strong> {humanise(held)}.
    </p>
  );
}

/** Where 80 of 100 sales would fall. */
function rangeOf({ score, valuation }: Property): { low: number; high: number } | null {
  if (score?.value_low != null && score.value_high != null) return { low: score.value_low, high: score.value_high };
  return score?.estimated_value == null ? (valuation?.interval_80 ?? null) : null;
}

function Figures({ property }: { property: Property }) {
  const { score } = property;
  const price = priceOf(property);
  const value = score?.estimated_value ?? property.valuation?.value ?? property.estimated_value;
  const range = rangeOf(property);
  const spread = price !== null && value !== null && value !== undefined ? value - price.value : null;
  return (
    <dl className={styles.figures}>
      <div>
        <dt>Score</dt>
        <dd className={styles.score}>{score === null ? 'Not yet' : formatNumber(score.bird_dog_score)}</dd>
        <dd>
          {score === null ? 'it is scored after enrichment' : `of 100, ${formatPercent(score.confidence, 0)} sure`}
        </dd>
      </div>
      <div>
        <dt>Value</dt>
        <dd>{value === null || value === undefined ? 'Not yet' : formatDollars(value)}</dd>
        <dd>
          {range === null
            ? 'no interval yet'
            : `${formatDollarsShort(range.low)} to ${formatDollarsShort(range.high)} in 80 of 100`}
        </dd>
      </div>
      <div>
        <dt>{price === null ? 'Price' : priceWords(price.kind).title}</dt>
        <dd>{price === null ? 'None known' : formatDollars(price.value)}</dd>
        <dd>{price === null ? 'neither asked nor paid' : priceWords(price.kind).note}</dd>
      </div>
      <div>
        <dt>Value above price</dt>
        <dd>{spread === null ? 'Not known' : formatDollars(spread)}</dd>
        <dd>
          {spread === null || price === null
            ? 'needs a value and a price'
            : `${formatPercent(spread / price.value, 0)} of the price`}
        </dd>
      </div>
    </dl>
  );
}
