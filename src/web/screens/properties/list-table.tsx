import { Link } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import { useMay } from '../../app/permissions.ts';
import { formatCount } from '../../lib/format.ts';
import buttonStyles from '../../ui/button.module.css';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { EmptyState, ErrorState, Loading, messageOf } from '../../ui/states.tsx';
import { NARROW_ROW, narrowColumns, PHONE_ROW, WIDE_ROW, wideColumns } from './columns.tsx';
import type { Names } from './filter-words.ts';
import styles from './properties.module.css';
import { nameOf } from './row-words.ts';
import { type ListSort, SORTS } from './search-params.ts';
import type { ListRow, useList } from './use-list.ts';
import { useIsWide } from './use-media.ts';

interface ListTableProps {
  list: ReturnType<typeof useList>;
  names: Names;
  sort: ListSort;
  isPhone: boolean;
  isByMeaning: boolean;
  hasFilters: boolean;
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  activeId: string | null;
  onActive: (id: string) => void;
  onOpen: (id: string) => void;
  onSort: (sort: ListSort) => void;
  onClear: () => void;
}

/** From this width on the list is a table; below it each row is a small card. */
const TABLE_FROM_PX = 900;
const WITHOUT_MATCH = ['match'];
/** Answers of a search by meaning do not hold these. */
const WITHOUT_SCORE = ['score'];
const idOf = (row: ListRow) => row.id;

/** The rows, or why there are none. */
export function ListTable(props: ListTableProps) {
  const { list, names, isByMeaning } = props;
  const place = useRef<HTMLDivElement>(null);
  const isWide = useIsWide(place, TABLE_FROM_PX);
  const columns = useMemo(() => (isWide ? wideColumns(names) : narrowColumns(names)), [isWide, names]);
  const wasWide = useRef(isWide);
  useEffect(() => {
    if (wasWide.current === isWide) return;
    wasWide.current = isWide;
    // The table of the other width took the place of the one that had the focus, or its detail is closed: the keys go on.
    if (document.activeElement === document.body) {
      place.current?.querySelector<HTMLElement>('[role="grid"]')?.focus({ preventScroll: true });
    }
  }, [isWide]);
  return (
    <div ref={place} className={styles.tableArea} aria-busy={list.isRenewing || undefined}>
      {list.rows.length === 0 ? (
        <NoRows {...props} />
      ) : (
        <DataTable
          key={isWide ? 'wide' : 'narrow'}
          label="Properties"
          rows={list.rows}
          columns={columns}
          getRowId={idOf}
          rowLabel={nameOf}
          rowHeight={isWide ? WIDE_ROW : props.isPhone ? PHONE_ROW : NARROW_ROW}
          height="fill"
          hiddenColumns={isByMeaning ? WITHOUT_SCORE : WITHOUT_MATCH}
          hasHiddenHeader={!isWide}
          totalCount={list.total}
          isRenewing={list.isRenewing}
          selection={{ selected: props.selected, onChange: props.onSelect }}
          activeId={props.activeId}
          onActive={props.onActive}
          onOpen={(row) => props.onOpen(row.id)}
          {...(!isByMeaning && {
            sort: props.sort,
            onSort: (wanted: string) => {
              const known = SORTS.find(({ value }) => value === wanted || value === `-${wanted}`);
              if (known) props.onSort(SORTS.find(({ value }) => value === wanted)?.value ?? known.value);
            },
          })}
          onEndReached={list.loadMore}
          footer={<Footer list={list} />}
        />
      )}
    </div>
  );
}

function Footer({ list }: { list: ListTableProps['list'] }) {
  if (list.moreError) {
    return (
      <span role="alert">
        {messageOf(list.moreError)}{' '}
        <Button size="small" onClick={list.loadMore}>
          Load more
        </Button>
      </span>
    );
  }
  if (list.hasMore) return <>Loading more…</>;
  return <>{formatCount(list.rows.length)} in all</>;
}

function NoRows({ list, hasFilters, isByMeaning, onClear }: ListTableProps) {
  const may = useMay();
  if (list.isPending) return <Loading label="Properties" lines={14} />;
  if (list.error) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (hasFilters || isByMeaning) {
    return (
      <EmptyState title="Nothing fits" action={<Button onClick={onClear}>Take all filters away</Button>}>
        No property fits all of the filters. Take one away above, or all of them.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="There are no properties yet"
      action={
        may('properties:create') && (
          <Link to="/upload" className={classNames(buttonStyles.button, buttonStyles.primary)}>
            <Upload size={16} aria-hidden="true" /> Upload a file
          </Link>
        )
      }
    >
      Upload a county’s file or a list of your own: each property is enriched, scored and given a memo by itself.
    </EmptyState>
  );
}
