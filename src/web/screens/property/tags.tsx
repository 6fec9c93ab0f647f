import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Menu, MenuItem } from './menu.tsx';
import { usePropertyAnswer, useRefreshProperty } from './queries.ts';
import styles from './tags.module.css';

type Tag = Schemas['Tag'];

/** The tags of a property: put on from the tenant's or newly named, and taken off with undo. */
export function Tags({ propertyId }: { propertyId: string }) {
  const may = useMay()('timeline:update');
  const refresh = useRefreshProperty(propertyId);
  const path = { id: propertyId };
  const { data } = usePropertyAnswer(propertyId, ['tags'], () =>
    take(client.GET('/api/v1/properties/{id}/tags', { params: { path } })),
  );
  const change = async (deed: () => Promise<unknown>, said: string, undo?: () => void) => {
    try {
      await deed();
      showToast(said, undo ? { undo } : {});
    } catch (error) {
      showToast(messageOf(error), { isError: true });
    }
    refresh('tags', 'timeline');
  };
  const put = (tag: Tag) =>
    change(
      () =>
        take(client.PUT('/api/v1/properties/{id}/tags/{tag_id}', { params: { path: { ...path, tag_id: tag.id } } })),
      `Tagged “${tag.name}”.`,
    );
  const takeOff = (tag: Tag) =>
    change(
      () =>
        take(client.DELETE('/api/v1/properties/{id}/tags/{tag_id}', { params: { path: { ...path, tag_id: tag.id } } })),
      `Took “${tag.name}” off.`,
      () => void put(tag),
    );
  const tags = data?.items ?? [];
  return (
    <div className="row">
      <span className="muted small" id={`${propertyId}-tags`}>
        Tags
      </span>
      <ul className={styles.chips} aria-labelledby={`${propertyId}-tags`}>
        {tags.map((tag) => (
          <li key={tag.id} className={styles.chip}>
            {tag.color && <span className={styles.dot} style={{ background: tag.color }} aria-hidden="true" />}
            {tag.name}
            {may && (
              <button type="button" aria-label={`Take tag ${tag.name} off`} onClick={() => void takeOff(tag)}>
                <X size={12} aria-hidden="true" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {tags.length === 0 && !may && <span className="small">none</span>}
      {may && (
        <Menu label="Add a tag" variant="quiet" icon={<Plus size={14} aria-hidden="true" />}>
          {(close) => (
            <TagChoice
              taken={tags}
              onChoose={(tag) => {
                close();
                void put(tag);
              }}
            />
          )}
        </Menu>
      )}
    </div>
  );
}

/** The tenant's tags that are not on the property, and a field for a new one. */
function TagChoice({ taken, onChoose }: { taken: readonly Tag[]; onChoose: (tag: Tag) => void }) {
  const [name, setName] = useState('');
  const [error, setError] = useState<string>();
  const { data } = usePropertyAnswer('of-the-tenant', ['all-tags'], () =>
    take(client.GET('/api/v1/tags', { params: { query: { limit: 200 } } })),
  );
  const wanted = name.trim().toLowerCase();
  const free = (data?.items ?? []).filter(
    (tag) => !taken.some(({ id }) => id === tag.id) && tag.name.toLowerCase().includes(wanted),
  );
  const create = async () => {
    const same = data?.items.find((tag) => tag.name.toLowerCase() === wanted);
    if (same) return onChoose(same);
    try {
      onChoose(await take(client.POST('/api/v1/tags', { body: { name: name.trim() } })));
    } catch (problem) {
      setError(messageOf(problem));
    }
  };
  return (
    <>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== '') void create();
        }}
      >
        <TextField
          label="Find or name a tag"
          value={name}
          maxLength={50}
          error={error}
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        {wanted !== '' && !free.some((tag) => tag.name.toLowerCase() === wanted) && (
          <Button type="submit" size="small">
            Make “{name.trim()}”
          </Button>
        )}
      </form>
      {free.slice(0, 20).map((tag) => (
        <MenuItem key={tag.id} text={tag.name} onSelect={() => onChoose(tag)} />
      ))}
    </>
  );
}
