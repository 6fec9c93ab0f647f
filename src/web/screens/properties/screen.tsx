import { useNavigate, useSearch } from '@tanstack/react-router';
import { Bookmark, BookmarkPlus, RefreshCw } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { toggled } from '../../ui/data-table.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Page } from '../../ui/page.tsx';
import { Loading, NoPermission, StaleMark } from '../../ui/states.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { Drawer } from './drawer.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { chipsOf } from './filter-words.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { ListTable } from './list-table.tsx';
import { useNames } from './names.ts';
import styles from './properties.module.css';
import { nameOf } from './row-words.ts';
import { SaveSearchDialog } from './save-search.tsx';
import { SavedSearchesDialog } from './saved-searches.tsx';
import { changed, countFilters, type ListFilter, type ListState, readParams, writeParams } from './search-params.ts';
import { Toolbar } from './toolbar.tsx';
import { useFilterPanel } from './use-filter-panel.ts';
import { useFocusAfterDetail } from './use-focus-after-detail.ts';
import { useList } from './use-list.ts';
import { useListKeys } from './use-list-keys.ts';
import { useMedia } from './use-media.ts';

// The list is there before the map: its code comes after.
const ListMap = lazy(async () => ({ default: (await import('./list-map.tsx')).ListMap }));

type Open = 'keys' | 'saved' | 'save' | null;

/** Every property: list and map, narrowed and ordered by the address, with the detail of one beside them. */
export function PropertiesScreen() {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const state = useMemo(() => readParams(search), [search]);
  const navigate = useNavigate();
  const may = useMay();
  const names = useNames();
  const isPhone = useMedia('(max-width: 720px)');
  const panel = useFilterPanel();
  const [open, setOpen] = useState<Open>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = useState<string | null>(state.property ?? null);
  const [section, setSection] = useState<string | null>(null);
  const list = useList(state);

  const go = (change: Partial<ListState>, replace = false) =>
    void navigate({ to: '/properties', search: writeParams({ ...state, ...change }) as never, replace });
  const filterBy = (change: Partial<ListFilter>) => go({ filter: changed(state.filter, change) });
  const openProperty = (id: string) => {
    setActiveId(id);
    go({ property: id }, state.property !== undefined);
  };
  const close = () => go({ property: undefined });
  useFocusAfterDetail(state.property);
  const view = isPhone && state.view === 'both' ? 'list' : state.view;
  const active = state.property ?? activeId;
  useListKeys({
    rows: list.rows,
    activeId: active,
    onActive: (id) => (state.property === undefined ? setActiveId(id) : openProperty(id)),
    onOpen: openProperty,
    onClose: state.property === undefined ? null : close,
    onSelect: (id) => setSelected((now) => toggled(now, id)),
    onMemo: (id) => {
      openProperty(id);
      setSection('memo');
    },
    onView: () => go({ view: view === 'list' ? (isPhone ? 'map' : 'both') : view === 'both' ? 'map' : 'list' }),
    onKeys: () => setOpen('keys'),
  });
  const onArrived = useCallback(() => setSection(null), []);
  const nameOfId = (id: string) => {
    const row = list.rows.find((one) => one.id === id);
    return row === undefined ? id : nameOf(row);
  };
  if (!may('properties:read') && list.error !== null) {
    return <NoPermission what="properties" needs="properties:read" />;
  }
  const words =
    chipsOf(state.filter, names)
      .map(({ text }) => text)
      .join(', ') || 'All properties';
  const filters = (
    <FilterPanel
      filter={state.filter}
      onChange={filterBy}
      onClear={() => go({ filter: {}, saved: undefined })}
      isReady={!list.isPending}
      isPhone={isPhone}
      isTitled={panel.isNarrow}
    />
  );
  const hasMap = view !== 'list' && !(state.property !== undefined && view === 'both');
  return (
    <Page
      title="Properties"
      isFull
      about={<Summary list={list} />}
      actions={
        <>
          <Button
            className={styles.action}
            aria-label="Saved searches"
            icon={<Bookmark size={16} />}
            onClick={() => setOpen('saved')}
          >
            <span>Saved searches</span>
          </Button>
          {countFilters(state.filter) > 0 && (
            <Button
              className={styles.action}
              aria-label="Save search"
              icon={<BookmarkPlus size={16} />}
              onClick={() => setOpen('save')}
            >
              <span>Save search</span>
            </Button>
          )}
        </>
      }
    >
      <div className={styles.screen}>
        <Toolbar
          state={state}
          names={names}
          isPhone={isPhone}
          onFilter={filterBy}
          onState={go}
          onFilters={panel.toggle}
          areFiltersShown={panel.isOpen}
          onKeys={() => setOpen('keys')}
        />
        {list.rows.length > 0 && <StaleMark error={list.error} updatedAt={list.updatedAt} onRetry={list.refetch} />}
        <div className={styles.body} data-detail={state.property !== undefined || undefined}>
          {panel.isOpen && !panel.isNarrow && (
            <aside className={styles.filters} aria-label="Filters">
              {filters}
            </aside>
          )}
          {view !== 'map' && (
            <section className={styles.list} aria-label="List">
              <ListTable
                list={list}
                names={names}
                sort={state.sort}
                isPhone={isPhone}
                isByMeaning={state.meaning !== undefined}
                hasFilters={countFilters(state.filter) > 0}
                selected={selected}
                onSelect={setSelected}
                activeId={active}
                onActive={setActiveId}
                onOpen={openProperty}
                onSort={(sort) => go({ sort })}
                onClear={() => go({ filter: {}, saved: undefined, meaning: undefined })}
              />
              <BulkBar
                selected={selected}
                onSelect={setSelected}
                nameOf={nameOfId}
                more={list.hasMore && selected.size >= list.rows.length ? (list.total ?? null) : null}
                onSelectAll={async () => setSelected(new Set(await list.loadIds()))}
              />
            </section>
          )}
          {hasMap && (
            <section className={styles.map} aria-label="Map">
              <Suspense fallback={<Loading label="Map" lines={6} />}>
                <ListMap
                  filter={state.filter}
                  selectedId={active}
                  onSelect={openProperty}
                  onArea={(bbox) => filterBy({ bbox })}
                />
              </Suspense>
            </section>
          )}
          {state.property !== undefined && (
            <Drawer propertyId={state.property} section={section} onArrived={onArrived} onClose={close} />
          )}
        </div>
      </div>
      {panel.isOpen && panel.isNarrow && (
        <Dialog
          title="Filters"
          place="side"
          onClose={panel.toggle}
          actions={
            <Button variant="primary" onClick={panel.toggle}>
              Show {list.total === undefined ? 'them' : formatCount(list.total)}
            </Button>
          }
        >
          {filters}
        </Dialog>
      )}
      {open === 'keys' && <KeysDialog onClose={() => setOpen(null)} />}
      {open === 'saved' && (
        <SavedSearchesDialog
          names={names}
          openId={state.saved}
          onClose={() => setOpen(null)}
          onOpen={({ id, filter }) => {
            setOpen(null);
            go({ filter: readParams(filter).filter, saved: id, meaning: undefined });
          }}
        />
      )}
      {open === 'save' && (
        <SaveSearchDialog
          filter={state.filter}
          words={words}
          onClose={() => setOpen(null)}
          onSaved={({ id }) => {
            setOpen(null);
            go({ saved: id });
          }}
        />
      )}
    </Page>
  );
}

/** How many there are, as of when; that they are being renewed. */
function Summary({ list }: { list: ReturnType<typeof useList> }) {
  if (list.total === undefined) return <>Looking…</>;
  const count = `${list.isEstimate ? 'about ' : ''}${formatCount(list.total)} ${list.total === 1 ? 'property' : 'properties'}`;
  return (
    <span role="status">
      {list.isRenewing ? `Looking… (${count} before)` : count}
      {!list.isRenewing && (
        <span className={classNames('small', styles.asOf)}> · as of {formatMoment(list.updatedAt)}</span>
      )}
      {list.hasMoved && (
        <Button size="small" variant="quiet" icon={<RefreshCw size={13} />} onClick={list.refetch}>
          The order has changed: renew
        </Button>
      )}
    </span>
  );
}
