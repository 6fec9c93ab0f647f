import { useNavigate, useSearch } from '@tanstack/react-router';
import { RotateCcw } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { formatDollars } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState, Loading, QueryView } from '../../ui/states.tsx';
import { countsInWords, keyOf, type SaleRow, saleRows } from './comparable-sales.ts';
import styles from './comparables.module.css';
import { type Choice, choose, isUntouched, NO_CHOICE, readChoice, writeChoice } from './comparables-choice.ts';
import { ComparablesOutcome, SearchLimits } from './comparables-outcome.tsx';
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

// As tall as what comes: the parts below are not on the screen, and do not ask, while it loads.
const LINES = 40;

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
    <QueryView query={chosen} label="Comparable sales" lines={LINES}>
      {(comparison) => {
        const base = rules.data ?? comparison;
        const rows = saleRows(base, comparison);
        return (
          <>
            <ComparablesOutcome
              property={property}
              base={base}
              comparison={comparison}
              isTouched={!isUntouched(choice)}
            />
            <SearchLimits comparison={comparison} choice={choice} onChoose={onChoose} />
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
              height="clamp(300px, 40vh, 440px)"
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
