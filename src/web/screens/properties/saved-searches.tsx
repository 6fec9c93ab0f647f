import { useQueryClient } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { chipsOf, type Names } from './filter-words.ts';
import styles from './saved-searches.module.css';
import { readParams } from './search-params.ts';

type SavedSearch = Schemas['SavedSearch'];
type Alert = SavedSearch['alert'];

export const ALERTS: ReadonlyArray<{ value: Alert; text: string }> = [
  { value: 'off', text: 'No alert' },
  { value: 'instant', text: 'Tell me at once' },
  { value: 'daily', text: 'Tell me once a day' },
];
const KEY = ['get', '/api/v1/saved-searches'];

/** One's own and the shared searches. */
export function useSavedSearches() {
  return api.useQuery('get', '/api/v1/saved-searches', { params: { query: { limit: 200 } } });
}

interface SavedSearchesProps {
  names: Names;
  openId: string | undefined;
  onOpen: (search: SavedSearch) => void;
  onClose: () => void;
}

/** The kept searches: open, rename, alert, delete (which can be taken back). */
export function SavedSearchesDialog({ names, openId, onOpen, onClose }: SavedSearchesProps) {
  const query = useSavedSearches();
  return (
    <Dialog title="Saved searches" place="side" onClose={onClose}>
      <QueryView
        query={query}
        label="Saved searches"
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title="No search is kept yet">
            Narrow the list, then press “Save search”. A saved search can tell you of each property that comes to fit
            it.
          </EmptyState>
        }
      >
        {({ items }) => (
          <ul className={styles.list}>
            {items.map((search) => (
              <SavedItem
                key={search.id}
                search={search}
                names={names}
                isOpen={search.id === openId}
                onOpen={() => onOpen(search)}
              />
            ))}
          </ul>
        )}
      </QueryView>
    </Dialog>
  );
}

interface SavedItemProps {
  search: SavedSearch;
  names: Names;
  isOpen: boolean;
  onOpen: () => void;
}

function SavedItem({ search, names, isOpen, onOpen }: SavedItemProps) {
  const queries = useQueryClient();
  const renew = () => queries.invalidateQueries({ queryKey: KEY });
  const params = { path: { id: search.id } };
  const [name, setName] = useState<string>();
  const change = api.useMutation('patch', '/api/v1/saved-searches/{id}', {
    onSuccess: async () => {
      setName(undefined);
      await renew();
    },
  });
  const restore = api.useMutation('post', '/api/v1/saved-searches', { onSuccess: renew, onError: tell });
  const remove = api.useMutation('delete', '/api/v1/saved-searches/{id}', {
    onSuccess: async () => {
      const { filter, shared, alert, email } = search;
      showToast(`Deleted “${search.name}”`, {
        undo: () => restore.mutate({ body: { name: search.name, filter, shared, alert, email } }),
      });
      await renew();
    },
    onError: tell,
  });
  const words = chipsOf(readParams(search.filter).filter, names).map(({ text }) => text);
  return (
    <li className={styles.item} data-open={isOpen || undefined}>
      {name === undefined ? (
        <div className={styles.head}>
          <button type="button" className={styles.open} aria-current={isOpen || undefined} onClick={onOpen}>
            {search.name}
          </button>
          {search.shared && <Badge>shared</Badge>}
          {!search.is_own && <span className="small muted">by {search.owner.name}</span>}
          {search.is_own && (
            <span className={styles.orders}>
              <Button
                size="small"
                variant="quiet"
                icon={<Pencil size={14} />}
                aria-label={`Rename ${search.name}`}
                title="Rename"
                onClick={() => setName(search.name)}
              />
              <Button
                size="small"
                variant="quiet"
                icon={<Trash2 size={14} />}
                aria-label={`Delete ${search.name}`}
                title="Delete"
                busy={remove.isPending}
                onClick={() => remove.mutate({ params })}
              />
            </span>
          )}
        </div>
      ) : (
        <form
          className="row"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') change.mutate({ params, body: { name: name.trim() } });
          }}
        >
          <div className="grow">
            <TextField
              label="Name"
              isLabelHidden
              autoFocus
              maxLength={100}
              value={name}
              error={change.error ? messageOf(change.error) : undefined}
              onChange={(event) => setName(event.target.value)}
            />
          </div>
          <Button type="submit" size="small" variant="primary" busy={change.isPending}>
            Rename
          </Button>
          <Button size="small" onClick={() => setName(undefined)}>
            Cancel
          </Button>
        </form>
      )}
      <p className="small muted">{words.length === 0 ? 'All properties' : words.join(' · ')}</p>
      {search.is_own && (
        <SelectField
          label={`Alert of ${search.name}`}
          isLabelHidden
          value={search.alert}
          disabled={change.isPending}
          onChange={(event) =>
            change.mutate(
              { params, body: { alert: event.target.value as Alert } },
              { onError: name ? undefined : tell },
            )
          }
        >
          {ALERTS.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </SelectField>
      )}
    </li>
  );
}

function tell(error: unknown): void {
  showToast(messageOf(error), { isError: true });
}
