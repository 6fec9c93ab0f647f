import { useRef, useState } from 'react';
import { api } from '../../app/api.ts';
import { tabName } from '../../app/drafts.ts';
import { useMay } from '../../app/permissions.ts';
import { useSession } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { Loading, NoPermission, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { AudienceFields } from './audience-fields.tsx';
import { type CampaignDraft, draftOf, emptyDraft, type Problems } from './campaign-draft.ts';
import { fieldName, problemsOf } from './campaign-problems.ts';
import styles from './campaigns.module.css';
import { DraftOffer } from './draft-offer.tsx';
import { draftKey, dropDraft, keepDraft, type OtherDraft, otherDrafts, readDraft } from './draft-store.ts';
import { DraftSummary } from './draft-summary.tsx';
import { LinkButton } from './link-button.tsx';
import type { Campaign } from './outreach-data.ts';
import { PaceFields } from './pace-fields.tsx';
import { SenderFields } from './sender-fields.tsx';
import { StepList } from './step-list.tsx';
import { useStored } from './store-campaign.ts';
import { textOf, useAddress } from './use-address.ts';

/** Builds a campaign: a new one, a copy (`?from=`), or another definition of one that exists (`?edit=`). */
export function NewCampaignScreen() {
  const [search] = useAddress();
  const may = useMay();
  const edit = textOf(search['edit']);
  const from = textOf(search['from']) ?? edit;
  const me = useSession()?.session.user.id ?? 'nobody';
  const { isPending } = api.useQuery('get', '/api/v1/auth/me', {}, { staleTime: 300_000 });
  const source = api.useQuery(
    'get',
    '/api/v1/campaigns/{id}',
    { params: { path: { id: from ?? '' } } },
    { enabled: from !== undefined },
  );
  if (isPending) return <Loading />;
  if (!may('outreach:update')) return <NoPermission what="or change campaigns" needs="outreach:update" />;
  if (from === undefined) return <Builder key="new" storeKey={draftKey(me, 'new', tabName())} initial={emptyDraft()} />;
  return (
    <QueryView query={source} label="Loading the campaign">
      {(campaign) => {
        const base = draftOf(edit ? campaign.name : `${campaign.name}, copy`, campaign.definition);
        const key = draftKey(me, edit ? `edit.${from}` : `copy.${from}`, tabName());
        return <Builder key={key} storeKey={key} initial={base} edited={edit ? campaign : undefined} />;
      }}
    </QueryView>
  );
}

function Builder({
  storeKey,
  initial,
  edited,
}: {
  storeKey: string;
  initial: CampaignDraft;
  edited?: Campaign | undefined;
}) {
  const [kept] = useState(() => readDraft(localStorage, storeKey, initial));
  const [draft, setDraft] = useState(kept ?? initial);
  // What is undone later goes by the draft as it is then.
  const newest = useRef(draft);
  const [wasKept, setWasKept] = useState(kept !== null);
  const [others, setOthers] = useState(() => otherDrafts(localStorage, storeKey, initial, Date.now()));
  const [problems, setProblems] = useState<Problems>({});
  const summary = useRef<HTMLDivElement>(null);
  const store = useStored(storeKey, edited, setProblems, () => summary.current?.focus());
  const set = (change: Partial<CampaignDraft>) => {
    const next = { ...newest.current, ...change };
    newest.current = next;
    setDraft(next);
    keepDraft(localStorage, storeKey, next);
    // A field that was mended is no longer red; new problems wait until it is stored again.
    if (Object.keys(problems).length > 0) {
      const now = problemsOf(next);
      setProblems(Object.fromEntries(Object.entries(problems).filter(([field]) => field in now)));
    }
  };
  const submit = () => {
    const found = problemsOf(draft);
    setProblems(found);
    if (Object.keys(found).length === 0) store.save(draft);
    else setTimeout(() => summary.current?.focus(), 0);
  };
  const reset = () => {
    const before = draft;
    dropDraft(localStorage, storeKey);
    newest.current = initial;
    setDraft(initial);
    setProblems({});
    setWasKept(false);
    showToast('The draft is cleared.', { undo: () => set(before) });
  };
  const forget = ({ key }: OtherDraft) => {
    dropDraft(localStorage, key);
    setOthers((now) => now.filter((one) => one.key !== key));
  };
  // A tab that still has it open keeps it again with its next word.
  const take = (other: OtherDraft) => {
    const before = newest.current;
    forget(other);
    set(other.draft);
    showToast('The other draft is here now.', {
      undo: () => {
        keepDraft(localStorage, other.key, other.draft, other.savedAt);
        setOthers((now) => [other, ...now]);
        set(before);
      },
    });
  };
  const section = { draft, problems, set };
  const isDraft = edited === undefined || edited.status === 'draft';
  return (
    <Page
      title={edited ? `Change ${edited.name}` : 'New campaign'}
      about={
        isDraft
          ? 'Nothing leaves before it is previewed and approved. What you type is kept on this device.'
          : 'A change of who is written to, what or by whom needs a new approval; a change of pace does not.'
      }
      actions={
        wasKept && (
          <>
            <span className="small muted">Your draft from before is back.</span>
            <Button size="small" onClick={reset}>
              Begin anew
            </Button>
          </>
        )
      }
    >
      <DraftOffer others={others} onTake={take} onForget={forget} />
      <form
        className={styles.columns}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="stack">
          <ProblemSummary ref={summary} problems={problems} error={store.error} />
          <Card title="Name">
            <TextField
              label="Name of the campaign"
              value={draft.name}
              maxLength={120}
              disabled={edited !== undefined && edited.status !== 'draft'}
              error={problems['name']}
              hint="For you and your colleagues; recipients do not see it. It is kept for good."
              onChange={({ target }) => set({ name: target.value })}
            />
          </Card>
          <Card title="Audience">
            <div className="stack">
              <AudienceFields {...section} />
            </div>
          </Card>
          <Card title="Steps">
            <div className="stack">
              <StepList {...section} />
            </div>
          </Card>
          <Card title="Sender">
            <div className="stack">
              <SenderFields {...section} />
            </div>
          </Card>
          <Card title="Pace">
            <div className="stack">
              <PaceFields {...section} />
            </div>
          </Card>
        </div>
        <aside className={styles.side} aria-label="The campaign in short">
          <DraftSummary draft={draft} />
          <div className={styles.bar}>
            <Button type="submit" variant="primary" busy={store.isPending}>
              {edited ? 'Save changes' : 'Save draft and preview'}
            </Button>
            <LinkButton to={edited ? `/campaigns/${edited.id}` : '/campaigns'} variant="quiet">
              Back
            </LinkButton>
          </div>
        </aside>
      </form>
    </Page>
  );
}

function ProblemSummary({
  ref,
  problems,
  error,
}: {
  ref: React.Ref<HTMLDivElement>;
  problems: Problems;
  error: string | null;
}) {
  const count = Object.keys(problems).length;
  if (count === 0 && error === null) return null;
  return (
    <div ref={ref} className={styles.errors} role="alert" tabIndex={-1}>
      <strong>
        {error ?? `${count === 1 ? 'One thing is' : `${count} things are`} to be mended before it can be stored.`}
      </strong>
      <ul>
        {Object.entries(problems).map(([field, message]) => (
          <li key={field}>
            {field && <strong>{fieldName(field)}:</strong>} {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
