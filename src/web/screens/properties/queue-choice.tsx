import { useMay, useMe } from '../../app/permissions.ts';
import styles from './filters.module.css';
import type { ListFilter } from './search-params.ts';
import { sendSeen } from './use-seen.ts';

interface QueueChoiceProps {
  filter: ListFilter;
  onChange: (change: Partial<ListFilter>) => void;
}

/** A person's own queue: what they look after, what needs a person, what they have not opened yet. */
export function QueueChoice({ filter, onChange }: QueueChoiceProps) {
  const may = useMay();
  const me = useMe().data?.user?.id;
  const choices = [
    ...(me !== undefined && may('timeline:read')
      ? [{ text: 'Assigned to me', isOn: filter.assigned_to === me, on: { assigned_to: me } }]
      : []),
    { text: 'A person should look', isOn: filter.needs_review === 'true', on: { needs_review: 'true' as const } },
    ...(me === undefined ? [] : [{ text: 'Not looked at yet', isOn: filter.unseen_by === me, on: { unseen_by: me } }]),
  ];
  return (
    <fieldset className={styles.group}>
      <legend>Queue</legend>
      <ul className={styles.tags}>
        {choices.map(({ text, isOn, on }) => (
          <li key={text}>
            <button
              type="button"
              className={styles.tag}
              aria-pressed={isOn}
              onClick={() => {
                if (isOn) onChange(Object.fromEntries(Object.keys(on).map((name) => [name, undefined])));
                // What was just looked at is told first: it is not in the queue any more.
                else if ('unseen_by' in on) void sendSeen().then(() => onChange(on));
                else onChange(on);
              }}
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
