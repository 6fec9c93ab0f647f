import { Link } from '@tanstack/react-router';
import { Maximize2, X } from 'lucide-react';
import { useMay } from '../../app/permissions.ts';
import {
  formatAgo,
  formatDay,
  formatDollars,
  formatDollarsShort,
  formatMoment,
  formatNumber,
  formatPercent,
  humanise,
} from '../../lib/format.ts';
import { placeOf, sourceName } from '../../lib/names.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Actions } from './actions.tsx';
import { Assignees } from './assignees.tsx';
import styles from './header.module.css';
import { fieldOfPrice, priceOf, priceWords } from './price-words.ts';
import { nameOfProperty, type Property } from './property-query.ts';
import { ageOf, commonProvenance, isSameOrigin, readProvenance } from './provenance.ts';
import { Heading, WhenSeen } from './section.tsx';
import { Sourced } from './sourced.tsx';
import { Tags } from './tags.tsx';
import { valuationsOf } from './valuations.ts';

/** What the property is, where it stands, its figures at a glance, and what can be done next. */
export function PropertyHeader({ property, onClose }: { property: Property; onClose?: (() => void) | undefined }) {
  const may = useMay();
  const isSimulated = (property.field_sources.address as { simulated?: boolean } | undefined)?.simulated === true;
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <div className="grow">
          <Heading depth={0}>{nameOfProperty(property)}</Heading>
          <p className="muted">
            {[placeOf(property), property.address && property.apn && `parcel ${property.apn}`]
              .filter(Boolean)
              .join(' · ')}
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
        <Size property={property} />
      </div>
      <Trouble property={property} />
      <Figures property={property} />
      <Actions property={property} />
      {may('timeline:read') && (
        <WhenSeen className={styles.labels}>
          <Tags propertyId={property.id} />
          <Assignees propertyId={property.id} />
        </WhenSeen>
      )}
    </header>
  );
}

const SIZES = [
  ['bedrooms', (value: number) => `${formatNumber(value)} bd`],
  ['bathrooms', (value: number) => `${formatNumber(value, 2)} ba`],
  ['sqft', (value: number) => `${formatNumber(value, 0)} sq ft`],
  ['year_built', (value: number) => `built ${value}`],
] as const;

/** How large and how old it is, each figure with where it came from. */
function Size({ property }: { property: Property }) {
  const sources = readProvenance(property.field_sources);
  const common = commonProvenance(SIZES.map(([field]) => (property[field] === null ? undefined : sources.get(field))));
  return (
    <span className={`small figures ${styles.size}`}>
      {SIZES.map(([field, write]) => {
        const value = property[field];
        if (value === null) return null;
        const provenance = sources.get(field);
        const isMarked = common === null || provenance === undefined || !isSameOrigin(common, provenance);
        return (
          <Sourced
            key={field}
            provenance={provenance}
            formatOther={(other) => write(Number(other))}
            isMarked={isMarked}
          >
            {write(value)}
          </Sourced>
        );
      })}
      {common && (
        <span className="muted">
          {common.simulated ? 'made up by the simulator of' : 'from'} {sourceName(common.source)},{' '}
          {ageOf(common, Date.now())}
        </span>
      )}
    </span>
  );
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
  const [valued] = valuationsOf(property);
  const priceField = price === null ? undefined : fieldOfPrice(price.kind);
  const priceSource = priceField && readProvenance(property.field_sources).get(priceField);
  const spread = price !== null && value !== null && value !== undefined ? value - price.value : null;
  return (
    <dl className={styles.figures}>
      <div>
        <dt>Score</dt>
        <dd className={styles.score}>{score === null ? 'Not yet' : formatNumber(score.bird_dog_score)}</dd>
        <dd>
          {score === null
            ? 'it is scored after enrichment'
            : `of 100, ${formatPercent(score.confidence, 0)} sure, reckoned ${formatAgo(score.scored_at)}`}
        </dd>
      </div>
      <div>
        <dt>Value</dt>
        <dd>{value === null || value === undefined ? 'Not yet' : formatDollars(value)}</dd>
        <dd>
          {range === null
            ? 'no interval yet'
            : `${formatDollarsShort(range.low)} to ${formatDollarsShort(range.high)} in 80 of 100`}
          {valued && `, by ${valued.by} as of ${formatDay(valued.asOf)}`}
        </dd>
      </div>
      <div>
        <dt>{price === null ? 'Price' : priceWords(price.kind).title}</dt>
        <dd>
          {price === null ? (
            'None known'
          ) : (
            <Sourced provenance={priceSource} formatOther={(other) => formatDollars(Number(other))}>
              {formatDollars(price.value)}
            </Sourced>
          )}
        </dd>
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
