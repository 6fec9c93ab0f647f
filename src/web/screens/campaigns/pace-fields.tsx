import { CheckboxField, TextField } from '../../ui/field.tsx';
import type { SectionProps } from './builder-section.ts';
import type { CampaignDraft } from './campaign-draft.ts';
import styles from './campaigns.module.css';
import { WEEKDAYS } from './words.ts';

const CAPS: ReadonlyArray<{ name: keyof CampaignDraft; field: string; label: string; hint: string }> = [
  {
    name: 'maxPerRun',
    field: 'max_per_run',
    label: 'Messages in a day, at most',
    hint: 'Of the whole campaign. What is above waits for the next day.',
  },
  {
    name: 'weeklyCap',
    field: 'weekly_cap_per_recipient',
    label: 'Messages to one person in 7 days',
    hint: 'Of all campaigns together, so that nobody is flooded.',
  },
  {
    name: 'dedupeDays',
    field: 'dedupe_days',
    label: 'Days before a property is offered again',
    hint: 'To the same person, by any campaign.',
  },
  {
    name: 'waitDays',
    field: 'wait_days',
    label: 'Days to wait for answers',
    hint: 'After the last step; then the property is at rest.',
  },
];

/** When messages may leave, and how many. */
export function PaceFields({ draft, problems, set }: SectionProps) {
  return (
    <>
      <CheckboxField
        label="Send at certain hours only"
        hint="In the recipient’s own time. The quiet hours of each state’s law hold whatever is chosen here."
        checked={draft.hasWindow}
        onChange={({ target }) => set({ hasWindow: target.checked })}
      />
      {draft.hasWindow && (
        <>
          <fieldset className={styles.chips}>
            <legend>Days</legend>
            {WEEKDAYS.map(({ day, text }) => (
              <label key={day} className={styles.chip}>
                <input
                  type="checkbox"
                  checked={draft.days.includes(day)}
                  onChange={({ target }) =>
                    set({ days: target.checked ? [...draft.days, day] : draft.days.filter((one) => one !== day) })
                  }
                />
                {text}
              </label>
            ))}
          </fieldset>
          {problems['send_window.days'] && <p className="small error-text">{problems['send_window.days']}</p>}
          <div className={styles.fields}>
            <TextField
              label="From"
              type="number"
              min={0}
              max={23}
              value={draft.startHour}
              error={problems['send_window.start_hour']}
              hint="Hour of the day, 0 to 23."
              onChange={({ target }) => set({ startHour: target.value })}
            />
            <TextField
              label="To"
              type="number"
              min={1}
              max={24}
              value={draft.endHour}
              error={problems['send_window.end_hour']}
              hint="Hour of the day, 1 to 24."
              onChange={({ target }) => set({ endHour: target.value })}
            />
          </div>
        </>
      )}
      <div className={styles.fields}>
        {CAPS.map(({ name, field, label, hint }) => (
          <TextField
            key={name}
            label={label}
            type="number"
            min={0}
            value={draft[name] as string}
            error={problems[field]}
            hint={hint}
            onChange={({ target }) => set({ [name]: target.value })}
          />
        ))}
        <TextField
          label="To one mail domain in an hour"
          type="number"
          min={1}
          value={draft.perDomain}
          error={problems['throttle.per_domain_per_hour']}
          placeholder="No limit"
          hint="Such as gmail.com: many at once look like spam there."
          onChange={({ target }) => set({ perDomain: target.value })}
        />
      </div>
      <CheckboxField
        label="Warm up a new sender"
        hint="Few messages on the first day, more on each day after, so that mail services learn to trust the sender."
        checked={draft.hasWarmUp}
        onChange={({ target }) => set({ hasWarmUp: target.checked })}
      />
      {draft.hasWarmUp && (
        <div className={styles.fields}>
          <TextField
            label="Messages on the first day"
            type="number"
            min={1}
            value={draft.warmUpStart}
            error={problems['throttle.warm_up.start_per_day']}
            onChange={({ target }) => set({ warmUpStart: target.value })}
          />
          <TextField
            label="Times as many on each day after"
            type="number"
            min={1}
            max={10}
            step="any"
            value={draft.warmUpGrowth}
            error={problems['throttle.warm_up.growth']}
            hint="1.5 is half as many more each day."
            onChange={({ target }) => set({ warmUpGrowth: target.value })}
          />
        </div>
      )}
    </>
  );
}
