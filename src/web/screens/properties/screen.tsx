import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import { useMay } from '../../app/permissions.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { toggled } from '../../ui/data-table.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Page } from '../../ui/page.tsx';
import { Loading, NoPermission, StaleMark } from '../../ui/states.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { Drawer } from './drawer.tsx';
import { ExportAll, ExportBar } from './export-all.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { chipsOf } from './filter-words.ts';
import { KeysDialog } from './keys-dialog.tsx';
import { ListActions } from './list-actions.tsx';
import { ListTable } from './list-table.tsx';
import { useNames } from './names.ts';
import styles from './properties.module.css';
import { nameOf } from './row-words.ts';
import { SaveSearchDialog } from './save-search.tsx';
import { SavedSearchesDialog } from './saved-searches.tsx';
import { changed, countFilters, type ListFilter, type ListState, readParams, writeParams } from './search-params.ts';
import { Summary } from './summary.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDecisions } from './use-decisions.tsx';
import { useFilterPanel } from './use-filter-panel.ts';
import { useFocusAfterDetail } from './use-focus-after-detail.ts';
import { useList } from './use-list.ts';
import { useListKeys } from './use-list-keys.ts';
import { useMedia } from './use-media.ts';
import { useNeighbours } from './use-neighbours.ts';
import { useSavedSearch } from './use-saved-search.ts';
import { useSeen } from './use-seen.ts';
import { useStepping } from './use-stepping.ts';

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
  const [wishes, setWishes] = useState(0);
  const place = useRef<string | undefined>(undefined);
  const go = (change: Partial<ListState>, replace = false) =>
    void navigate({ to: '/properties', search: writeParams({ ...state, ...change }) as never, replace });
  const isHeld = useSavedSearch(state, (loaded) => go(loaded, true));
  const list = useList(state, isHeld);
  const filterBy = (change: Partial<ListFilter>) => go({ filter: changed(state.filter, change) });
  const openProperty = (id: string, at = state.property === undefined ? undefined : place.current) => {
    setActiveId(id);
    go({ property: id, at }, state.property !== undefined);
  };
  const stepping = useStepping((id) => openProperty(id));
  const close = () => {
    stepping.cancel();
    go({ property: undefined });
  };
  useFocusAfterDetail(state.property);
  useSeen(stepping.passing === null ? state.property : undefined);
  useNeighbours(list.rows, stepping.passing === null ? state.property : undefined);
  const view = isPhone && state.view === 'both' ? 'list' : state.view;
  const active = stepping.passing ?? state.property ?? activeId;
  const nameOfId = (id: string) => {
    const row = list.rows.find((one) => one.id === id);
    return row === undefined ? id : nameOf(row);
  };
  const step = useRef<(by: number) => void>(() => undefined);
  const decisions = useDecisions(nameOfId, () => step.current(1));
  step.current = useListKeys({
    rows: list.rows,
    activeId: active,
    onActive: (id) => (state.property === undefined ? setActiveId(id) : stepping.step(id)),
    onOpen: (id) => openProperty(id),
    onClose: state.property === undefined ? null : close,
    onSelect: (id) => setSelected((now) => toggled(now, id)),
    onMemo: (id) => {
      stepping.cancel();
      openProperty(id, 'memo');
      setWishes((count) => count + 1);
    },
    decisions: decisions.keys,
    onView: () => go({ view: view === 'list' ? (isPhone ? 'map' : 'both') : view === 'both' ? 'map' : 'list' }),
    onKeys: () => setOpen('keys'),
  });
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
        <ListActions
          canSave={countFilters(state.filter) > 0 || state.meaning !== undefined}
          onSaved={() => setOpen('saved')}
          onSave={() => setOpen('save')}
        >
          <ExportAll state={state} list={list} />
        </ListActions>
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
        <ExportBar />
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
                onOpen={(id) => openProperty(id)}
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
                  onSelect={(id) => openProperty(id)}
                  onArea={(bbox) => filterBy({ bbox })}
                />
              </Suspense>
            </section>
          )}
          {state.property !== undefined && (
            <Drawer
              propertyId={state.property}
              section={state.at}
              wishes={wishes}
              place={place}
              isPassing={stepping.passing !== null}
              onClose={close}
            />
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
      {decisions.dialog}
      {open === 'keys' && <KeysDialog onClose={() => setOpen(null)} />}
      {open === 'saved' && (
        <SavedSearchesDialog
          names={names}
          openId={state.saved}
          onClose={() => setOpen(null)}
          onOpen={({ id, filter }) => {
            setOpen(null);
            const { sort, meaning, ...kept } = readParams(filter);
            go({ filter: kept.filter, sort, meaning, saved: id });
          }}
        />
      )}
      {open === 'save' && (
        <SaveSearchDialog
          state={state}
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
