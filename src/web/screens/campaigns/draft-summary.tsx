import { Card } from '../../ui/page.tsx';
import type { CampaignDraft } from './campaign-draft.ts';
import { words } from './campaign-draft.ts';
import styles from './campaigns.module.css';
import { channelName, windowText } from './words.ts';

/** The draft in sentences, as it stands. */
export function DraftSummary({ draft }: { draft: CampaignDraft }) {
  const types = words(draft.propertyTypes);
  const window = draft.hasWindow
    ? { days: draft.days, start_hour: Number(draft.startHour), end_hour: Number(draft.endHour) }
    : null;
  return (
    <Card title={draft.name.trim() || 'In short'}>
      <div className="stack">
        <p>
          Writes to{' '}
          <strong>{draft.kind === 'investor' ? 'investors and partners whose buy box matches' : 'owners'}</strong> about
          properties with a score of {draft.minScore || '…'} and up
          {draft.counties.length > 0 ? `, in ${draft.counties.join(', ')}` : ', in every county'}
          {types.length > 0 && `, of type ${types.join(' or ')}`}.
        </p>
        <ol className={styles.plan}>
          {draft.steps.map((step, index) => (
            <li key={step.key}>
              <span className={styles.number} aria-hidden="true">
                {index + 1}
              </span>
              <span>
                {channelName(step.channel)}
                <br />
                <span className="small muted">
                  {index === 0 ? 'At once' : `Day ${dayOf(draft, index)}`}: {step.template || 'no template chosen'}
                  {step.variants.length > 0 && `, ${step.variants.length} variants`}
                </span>
              </span>
            </li>
          ))}
        </ol>
        <p className="small muted">
          {windowText(window)}. At most {draft.maxPerRun || '…'} a day, {draft.weeklyCap || '…'} to one person in 7
          days.
          {draft.needsApproval ? ' A person approves it first.' : ' Nobody needs to approve it.'}
        </p>
      </div>
    </Card>
  );
}

function dayOf({ steps }: CampaignDraft, index: number): string {
  const days = steps.slice(1, index + 1).reduce((sum, { waitDays }) => sum + Number(waitDays || Number.NaN), 0);
  return Number.isNaN(days) ? '…' : String(days);
}
