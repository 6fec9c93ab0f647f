import { Link } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { CheckboxField, TextField } from '../../ui/field.tsx';
import type { SectionProps } from './builder-section.ts';
import { usualTemplate } from './campaign-draft.ts';
import styles from './campaigns.module.css';
import { CountyChips } from './county-chips.tsx';

const KINDS = [
  {
    kind: 'investor',
    name: 'Investors and partners',
    means:
      'Each gets the memos of properties that one of their buy boxes matches: counties, prices, size and score of their own.',
  },
  {
    kind: 'owner',
    name: 'Owners',
    means: 'The people who own the properties. They never see our valuation, score or memo.',
  },
] as const;

/** Who is written to, and about which properties. */
export function AudienceFields({ draft, problems, set }: SectionProps) {
  const { data: tags } = api.useQuery('get', '/api/v1/tags', { params: { query: { limit: 50 } } });
  const setKind = (kind: 'investor' | 'owner') =>
    set({
      kind,
      // What was made for the other audience is no template for this one.
      steps: draft.steps.map((step, index) =>
        step.template.startsWith(`${draft.kind}-`)
          ? { ...step, template: usualTemplate(kind, step.channel, index > 0), variants: [] }
          : step,
      ),
    });
  return (
    <>
      <fieldset className={`${styles.fields} ${styles.bare}`}>
        <legend className="visually-hidden">Who is written to</legend>
        {KINDS.map(({ kind, name, means }) => (
          <label key={kind} className={styles.choice}>
            <span className="row">
              <input type="radio" name="kind" checked={draft.kind === kind} onChange={() => setKind(kind)} />
              <strong>{name}</strong>
            </span>
            <span className="small muted">{means}</span>
          </label>
        ))}
      </fieldset>
      {draft.kind === 'investor' && (
        <p className="small muted">
          Buy boxes are kept with each contact: <Link to="/contacts">see contacts</Link>. An investor without one gets
          nothing.
        </p>
      )}
      <div className={styles.fields}>
        <TextField
          label="Lowest score"
          type="number"
          min={0}
          max={100}
          value={draft.minScore}
          error={problems['audience.min_score']}
          hint="0 to 100. Properties below it are left out."
          onChange={({ target }) => set({ minScore: target.value })}
        />
        <TextField
          label="Types of property"
          value={draft.propertyTypes}
          error={problems['audience.property_types']}
          placeholder="Any"
          hint="With commas between them, such as Single Family Residence, Condominium. Empty: any."
          onChange={({ target }) => set({ propertyTypes: target.value })}
        />
        <TextField
          label="Tags of properties"
          value={draft.tags}
          error={problems['audience.tags']}
          placeholder="Any"
          hint={
            tags && tags.items.length > 0
              ? `One is enough. Yours: ${tags.items.map(({ name }) => name).join(', ')}.`
              : 'With commas between them; one is enough. Empty: any.'
          }
          onChange={({ target }) => set({ tags: target.value })}
        />
        <TextField
          label="Tags of contacts"
          value={draft.contactTags}
          error={problems['audience.contact_tags']}
          placeholder="Any"
          hint="Only contacts with one of these. Empty: all."
          onChange={({ target }) => set({ contactTags: target.value })}
        />
      </div>
      <CountyChips chosen={draft.counties} onChange={(counties) => set({ counties })} />
      <p className={problems['audience.counties'] ? 'small error-text' : 'small muted'}>
        {problems['audience.counties'] ??
          (draft.counties.length === 0
            ? 'None chosen: properties of every county.'
            : 'Properties of these counties only.')}
      </p>
      <CheckboxField
        label="A person approves it before anything leaves"
        hint="Recommended. A later change of who is written to, what or by whom asks for a new approval."
        checked={draft.needsApproval}
        onChange={({ target }) => set({ needsApproval: target.checked })}
      />
    </>
  );
}
