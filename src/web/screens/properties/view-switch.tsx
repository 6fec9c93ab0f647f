import { Columns2, List, Map as MapIcon } from 'lucide-react';
import type { ListState } from './search-params.ts';
import styles from './toolbar.module.css';

const VIEWS = [
  { value: 'list', text: 'List', icon: List },
  { value: 'both', text: 'List and map', icon: Columns2 },
  { value: 'map', text: 'Map', icon: MapIcon },
] as const;

/** List, map or both; on a phone one of the two. */
export function ViewSwitch({
  view,
  isPhone,
  onView,
}: {
  view: ListState['view'];
  isPhone: boolean;
  onView: (view: ListState['view']) => void;
}) {
  const shown = isPhone && view === 'both' ? 'list' : view;
  return (
    <fieldset className={styles.views}>
      <legend className="visually-hidden">View</legend>
      {VIEWS.filter(({ value }) => !isPhone || value !== 'both').map(({ value, text, icon: Icon }) => (
        <button
          key={value}
          type="button"
          aria-pressed={shown === value}
          aria-label={text}
          title={text}
          onClick={() => onView(value)}
        >
          <Icon size={16} aria-hidden="true" />
        </button>
      ))}
    </fieldset>
  );
}
