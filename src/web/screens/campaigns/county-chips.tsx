import { api } from '../../app/api.ts';
import styles from './campaigns.module.css';

/** The configured counties, each to be taken in or left out. */
export function CountyChips({
  chosen,
  onChange,
}: {
  chosen: readonly string[];
  onChange: (counties: string[]) => void;
}) {
  const { data: counties } = api.useQuery('get', '/api/v1/counties');
  return (
    <fieldset className={styles.chips}>
      <legend>Counties</legend>
      {(counties?.items ?? []).map(({ slug, name, state }) => (
        <label key={slug} className={styles.chip}>
          <input
            type="checkbox"
            checked={chosen.includes(slug)}
            onChange={({ target }) =>
              onChange(target.checked ? [...chosen, slug] : chosen.filter((one) => one !== slug))
            }
          />
          {name}, {state}
        </label>
      ))}
    </fieldset>
  );
}
