import { useNavigate, useSearch } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { formatDollars, formatPercent } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { EmptyState, Loading, QueryView } from '../../ui/states.tsx';
import { type Comparison, countsInWords, keyOf, type SaleRow, saleRows } from './comparable-sales.ts';
import styles from './comparables.module.css';
import {
  type Choice,
  choose,
  isUntouched,
  NO_CHOICE,
  readChoice,
  shareApart,
  writeChoice,
} from './comparables-choice.ts';
import { ComparablesTable } from './comparables-table.tsx';
import { compare } from './compare.ts';
import { nameOfProperty, type Property } from './property-query.ts';
import { usePropertyAnswer } from './queries.ts';
import { Section } from './section.tsx';

const MapCanvas = lazy(() => import('../../ui/map/map-canvas.tsx').then((part) => ({ default: part.MapCanvas })));

/** Comparable sales on a map and in a table; each can be taken in or left out, and the API reckons the value anew. */
export function ComparablesPart({ property }: { property: Property }) {
  const [choice, setChoice] = useChoice(property.id);
  return (
    <Section
      name="comparables"
      title="Comparable sales"
      about="Take sales in or leave them out: the value is reckoned anew as a what-if. What is stored stays."
      actions={
        !isUntouched(choice) && (
          <Button size="small" icon={<RotateCcw size={14} aria-hidden="true" />} onClick={() => setChoice(NO_CHOICE)}>
            Back to the rules’ choice
          </Button>
        )
      }
    >
      <Comparables property={property} choice={choice} onChoose={setChoice} />
    </Section>
  );
}

/** The choice in the address, so that it can be sent to somebody. */
function useChoice(propertyId: string): [Choice, (choice: Choice) => void] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const set = (choice: Choice) =>
    void navigate({
      to: '.',
      search: ((before: Record<string, unknown>) => ({
        ...before,
        comps: writeChoice(choice, propertyId),
      })) as never,
      replace: true,
      resetScroll: false,
    });
  return [readChoice(search.comps, propertyId), set];
}

interface PartProps {
  property: Property;
  choice: Choice;
  onChoose: (choice: Choice) => void;
}

function Comparables({ property, choice, onChoose }: PartProps) {
  const limits: Choice = { ...choice, include: [], exclude: [] };
  const rules = usePropertyAnswer(property.id, ['comparables', limits], () => compare(property.id, limits), {
    keepsPrevious: true,
  });
  const chosen = usePropertyAnswer(property.id, ['comparables', choice], () => compare(property.id, choice), {
    keepsPrevious: true,
  });
  return (
    <QueryView query={chosen} label="Comparable sales" lines={8}>
      {(comparison) => {
        const base = rules.data ?? comparison;
        const rows = saleRows(base, comparison);
        return (
          <>
            <Outcome property={property} base={base} comparison={comparison} isTouched={!isUntouched(choice)} />
            <Limits comparison={comparison} choice={choice} onChoose={onChoose} />
            {rows.length === 0 ? (
              <EmptyState title="No sales nearby">
                No sale is near enough in place, time and size. Widen the search above.
              </EmptyState>
            ) : (
              <Sales
                property={property}
                rows={rows}
                isBusy={chosen.isFetching}
                onToggle={(row, isIn) => onChoose(choose(choice, row.property_id, isIn, row.isByRules))}
              />
            )}
            <p className="muted small">
              {countsInWords(comparison.excluded_counts) &&
                `Left out in all: ${countsInWords(comparison.excluded_counts)}. `}
              {comparison.steps_widened.length > 0 &&
                `Widened to find enough: ${comparison.steps_widened.join(', ')}. `}
              {comparison.as_of_note}
            </p>
          </>
        );
      }}
    </QueryView>
  );
}

/** The value under the choice, beside that of the rules and the stored one. */
function Outcome({
  property,
  base,
  comparison,
  isTouched,
}: {
  property: Property;
  base: Comparison;
  comparison: Comparison;
  isTouched: boolean;
}) {
  const stored = property.score?.estimated_value ?? null;
  const apart = shareApart(comparison.value, base.value);
  return (
    <dl className={styles.outcome} aria-live="polite">
      <div data-main>
        <dt>{isTouched ? 'What-if: with your choice' : 'With these sales'}</dt>
        <dd className="figures">
          {comparison.value === null ? 'No value' : formatDollars(comparison.value)}
          {isTouched && apart !== null && Math.abs(apart) >= 0.0005 && (
            <span className={styles.change}>
              {apart > 0 ? '+' : '−'}
              {formatPercent(Math.abs(apart))}
            </span>
          )}
        </dd>
        <dd>
          {comparison.value === null
            ? comparison.why_not
            : `${formatDollars(comparison.value_low)} to ${formatDollars(comparison.value_high)}, ${comparison.included.length} sales`}
        </dd>
      </div>
      {isTouched && (
        <div>
          <dt>By the rules alone</dt>
          <dd className="figures">{base.value === null ? 'No value' : formatDollars(base.value)}</dd>
          <dd>{base.included.length} sales</dd>
        </div>
      )}
      <div>
        <dt>Stored</dt>
        <dd className="figures">{stored === null ? 'None yet' : formatDollars(stored)}</dd>
        <dd>{property.score ? `in the score, as of ${property.score.as_of}` : 'it is not scored yet'}</dd>
      </div>
    </dl>
  );
}

const RADII = [0.25, 0.5, 1, 2, 3, 5, 10];
const MONTHS = [3, 6, 12, 18, 24, 36];

function Limits({ comparison, choice, onChoose }: Omit<PartProps, 'property'> & { comparison: Comparison }) {
  const { radius_miles: radius, months } = comparison.limits;
  return (
    <div className={styles.limits}>
      <SelectField
        label="Within"
        value={choice.radiusMiles ?? ''}
        onChange={(event) =>
          onChoose({ ...choice, radiusMiles: event.target.value === '' ? null : Number(event.target.value) })
        }
      >
        <option value="">{`By the rules${choice.radiusMiles === null ? ` (${radius} mi)` : ''}`}</option>
        {RADII.map((miles) => (
          <option key={miles} value={miles}>
            {miles} mi
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Sold within"
        value={choice.months ?? ''}
        onChange={(event) =>
          onChoose({ ...choice, months: event.target.value === '' ? null : Number(event.target.value) })
        }
      >
        <option value="">{`By the rules${choice.months === null ? ` (${months} months)` : ''}`}</option>
        {MONTHS.map((count) => (
          <option key={count} value={count}>
            {count} months
          </option>
        ))}
      </SelectField>
    </div>
  );
}

interface SalesProps {
  property: Property;
  rows: SaleRow[];
  isBusy: boolean;
  onToggle: (row: SaleRow, isIn: boolean) => void;
}

function Sales({ property, rows, isBusy, onToggle }: SalesProps) {
  const [selected, setSelected] = useState<string | null>(null);
  const placed = rows.filter(({ isOwn, latitude, longitude }) => !isOwn && latitude !== null && longitude !== null);
  const points = placed.map((row) => ({
    id: keyOf(row),
    lat: row.latitude!,
    lon: row.longitude!,
    label: `${nameOfProperty(row)}: ${formatDollars(row.close_price)}, ${row.isIn ? 'takes part' : 'left out'}`,
    ...(row.isIn ? { value: row.adjusted_price ?? row.close_price } : { kind: 'excluded' as const }),
  }));
  const values = points.flatMap((point) => ('value' in point ? [point.value] : []));
  const { latitude, longitude } = property;
  const subject =
    latitude === null || longitude === null
      ? []
      : [{ id: property.id, lat: latitude, lon: longitude, label: 'This property', kind: 'subject' as const }];
  return (
    <>
      {points.length > 0 && (
        <figure className={styles.map}>
          <Suspense fallback={<Loading label="Map" lines={6} />}>
            <MapCanvas
              label="Comparable sales around the property"
              points={[...points, ...subject]}
              selectedId={selected}
              onSelect={setSelected}
              height="max(300px, 40vh)"
              fitKey={property.id}
              {...(values.length > 1 && {
                scale: {
                  label: 'Adjusted price',
                  domain: [Math.min(...values), Math.max(...values)] as const,
                  format: formatDollars,
                },
              })}
            />
          </Suspense>
          <figcaption className="muted small">
            The large point is this property. Filled points take part, the darker the higher their adjusted price; rings
            are left out.
          </figcaption>
        </figure>
      )}
      <ComparablesTable rows={rows} selectedKey={selected} isBusy={isBusy} onToggle={onToggle} />
    </>
  );
}
