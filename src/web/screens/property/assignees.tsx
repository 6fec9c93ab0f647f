import { CalendarClock, Check, UserPlus, X } from 'lucide-react';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client, type Schemas } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import { formatDay } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useColleagues } from './colleagues.ts';
import type { Person } from './mention-text.ts';
import { Menu, MenuItem } from './menu.tsx';
import { usePropertyAnswer, useRefreshProperty } from './queries.ts';
import styles from './tags.module.css';

type Assignee = Schemas['Assignee'];

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
  const set = (one: Assignee, wanted: Pick<Assignee, 'due_at'> & { completed: boolean }) => {
    const body = { note: one.note, ...wanted };
    return take(client.PUT('/api/v1/properties/{id}/assignments/{user_id}', { ...of(one.user_id), body }));
  };
  const was = (one: Assignee) => ({ due_at: one.due_at, completed: one.completed_at !== null });
  const alter = (one: Assignee, wanted: Partial<ReturnType<typeof was>>, said: string) =>
    change(
      () => set(one, { ...was(one), ...wanted }),
      said,
      () => void change(() => set(one, was(one)), 'As it was before.'),
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
        {assignees.map((one) => {
          const { user_id: id, user_name: name, due_at: due, completed_at: done } = one;
          return (
            <li key={id} className={styles.chip} data-done={done !== null || undefined}>
              {name}
              {done !== null ? ` (done ${formatDay(done)})` : due !== null ? ` (until ${formatDay(due)})` : ''}
              {may && (
                <>
                  {done === null && (
                    <button
                      type="button"
                      aria-label={`${name} has done it`}
                      title="Done"
                      onClick={() => void alter(one, { completed: true }, `Done by ${name}.`)}
                    >
                      <Check size={12} aria-hidden="true" />
                    </button>
                  )}
                  <button type="button" aria-label={`Take it from ${name}`} onClick={() => void takeFrom({ id, name })}>
                    <X size={12} aria-hidden="true" />
                  </button>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {assignees.length === 0 && <span className="small">nobody yet</span>}
      {may && assignees.some(({ completed_at: done }) => done === null) && (
        <Menu label="Until when" variant="quiet" icon={<CalendarClock size={14} aria-hidden="true" />}>
          {(close) => (
            <DueDay
              of={assignees.filter(({ completed_at: done }) => done === null)}
              onChoose={(one, due_at) => {
                close();
                const said = due_at === null ? 'No day any more.' : `${one.user_name} has until ${formatDay(due_at)}.`;
                void alter(one, { due_at }, said);
              }}
            />
          )}
        </Menu>
      )}
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

interface DueDayProps {
  of: readonly Assignee[];
  /** ISO 8601; null takes the day away. */
  onChoose: (one: Assignee, dueAt: string | null) => void;
}

/** Until when somebody is to have done it. */
function DueDay({ of, onChoose }: DueDayProps) {
  const [userId, setUser] = useState(of[0]?.user_id);
  const one = of.find(({ user_id: id }) => id === userId) ?? of[0]!;
  const [day, setDay] = useState(one.due_at?.slice(0, 10) ?? '');
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        // The whole day counts, where the person is.
        onChoose(one, day === '' ? null : new Date(`${day}T23:59:00`).toISOString());
      }}
    >
      {of.length > 1 && (
        <SelectField label="Who" value={one.user_id} onChange={(event) => setUser(event.target.value)}>
          {of.map(({ user_id: id, user_name: name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      <TextField
        label="To be done by"
        type="date"
        autoFocus
        value={day}
        onChange={(event) => setDay(event.target.value)}
      />
      <Button type="submit" size="small">
        {day === '' ? 'No day' : 'Set the day'}
      </Button>
    </form>
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
