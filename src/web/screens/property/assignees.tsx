import { UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import { formatDay } from '../../lib/format.ts';
import { TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useColleagues } from './colleagues.ts';
import type { Person } from './mention-text.ts';
import { Menu, MenuItem } from './menu.tsx';
import { usePropertyAnswer, useRefreshProperty } from './queries.ts';
import styles from './tags.module.css';

/** Who looks after the property. */
export function Assignees({ propertyId }: { propertyId: string }) {
  const may = useMay()('timeline:update');
  const refresh = useRefreshProperty(propertyId);
  const { data } = usePropertyAnswer(propertyId, ['assignees'], () =>
    take(client.GET('/api/v1/properties/{id}/assignments', { params: { path: { id: propertyId } } })),
  );
  const change = async (deed: () => Promise<unknown>, said: string, undo?: () => void) => {
    try {
      await deed();
      showToast(said, undo ? { undo } : {});
    } catch (error) {
      showToast(messageOf(error), { isError: true });
    }
    refresh('assignees', 'timeline');
  };
  const of = (userId: string) => ({ params: { path: { id: propertyId, user_id: userId } } });
  const put = ({ id, name }: Person) =>
    change(
      () => take(client.PUT('/api/v1/properties/{id}/assignments/{user_id}', { ...of(id), body: {} })),
      `${name} looks after it now, and is told.`,
    );
  const takeFrom = (person: Person) =>
    change(
      () => take(client.DELETE('/api/v1/properties/{id}/assignments/{user_id}', of(person.id))),
      `${person.name} no longer looks after it.`,
      () => void put(person),
    );
  const assignees = data?.items ?? [];
  return (
    <div className="row">
      <span className="muted small" id={`${propertyId}-assignees`}>
        Looked after by
      </span>
      <ul className={styles.chips} aria-labelledby={`${propertyId}-assignees`}>
        {assignees.map(({ user_id: id, user_name: name, due_at: due, completed_at: done }) => (
          <li key={id} className={styles.chip} data-done={done !== null || undefined}>
            {name}
            {done !== null ? ` (done ${formatDay(done)})` : due !== null ? ` (until ${formatDay(due)})` : ''}
            {may && (
              <button type="button" aria-label={`Take it from ${name}`} onClick={() => void takeFrom({ id, name })}>
                <X size={12} aria-hidden="true" />
              </button>
            )}
          </li>
        ))}
      </ul>
      {assignees.length === 0 && <span className="small">nobody yet</span>}
      {may && (
        <Menu label="Assign to somebody" variant="quiet" icon={<UserPlus size={14} aria-hidden="true" />}>
          {(close) => (
            <PersonChoice
              taken={assignees.filter(({ completed_at: done }) => done === null).map(({ user_id: id }) => id)}
              onChoose={(person) => {
                close();
                void put(person);
              }}
            />
          )}
        </Menu>
      )}
    </div>
  );
}

function PersonChoice({ taken, onChoose }: { taken: readonly string[]; onChoose: (person: Person) => void }) {
  const [query, setQuery] = useState('');
  const me = useMe().data?.user?.id;
  const people = useColleagues(query).filter(({ id }) => !taken.includes(id));
  return (
    <>
      <div className={styles.form}>
        <TextField
          label="Find a colleague"
          value={query}
          autoFocus
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {people.map((person) => (
        <MenuItem
          key={person.id}
          text={person.id === me ? `${person.name} (you)` : person.name}
          onSelect={() => onChoose(person)}
        />
      ))}
      {people.length === 0 && <p className={styles.form}>Nobody else of that name.</p>}
    </>
  );
}
