import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import type { Deed } from './deeds.ts';
import { useTags } from './names.ts';

interface DeedDialogProps {
  /** "12 properties". */
  count: string;
  onClose: () => void;
  onAct: (deed: Deed) => void;
}

/** Puts a tag on them: one that there is, or a new one. */
export function TagDialog({ count, onClose, onAct }: DeedDialogProps) {
  const queries = useQueryClient();
  const tags = useTags();
  const [chosen, setChosen] = useState('');
  const [name, setName] = useState('');
  const create = api.useMutation('post', '/api/v1/tags', {
    onSuccess: async (tag) => {
      await queries.invalidateQueries({ queryKey: ['get', '/api/v1/tags'] });
      onAct({ kind: 'tag', tagId: tag.id, tagName: tag.name });
    },
  });
  const known = tags.data?.items.find((tag) => tag.id === chosen);
  const act = () => {
    if (known) onAct({ kind: 'tag', tagId: known.id, tagName: known.name });
    else create.mutate({ body: { name: name.trim() } });
  };
  return (
    <DeedDialog
      title={`Tag ${count}`}
      verb="Tag"
      isReady={known !== undefined || name.trim() !== ''}
      busy={create.isPending}
      error={create.error}
      onAct={act}
      onClose={onClose}
    >
      <SelectField label="Tag" value={chosen} onChange={(event) => setChosen(event.target.value)}>
        <option value="">A new tag</option>
        {tags.data?.items.map((tag) => (
          <option key={tag.id} value={tag.id}>
            {tag.name}
          </option>
        ))}
      </SelectField>
      {known === undefined && (
        <TextField
          label="Name of the new tag"
          maxLength={60}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <p className="muted small">It can be taken back right after.</p>
    </DeedDialog>
  );
}

/** Gives them to a colleague, who is notified. */
export function AssignDialog({ count, onClose, onAct }: DeedDialogProps) {
  const colleagues = api.useQuery('get', '/api/v1/colleagues', { params: { query: { limit: 50 } } });
  const [userId, setUserId] = useState('');
  const user = colleagues.data?.items.find(({ id }) => id === userId);
  return (
    <DeedDialog
      title={`Assign ${count}`}
      verb="Assign"
      isReady={user !== undefined}
      onAct={() => user && onAct({ kind: 'assign', userId: user.id, userName: user.name })}
      onClose={onClose}
    >
      <QueryView query={colleagues} label="Colleagues" lines={1}>
        {({ items }) => (
          <SelectField
            label="To"
            hint="They are notified of each that becomes theirs. It can be taken back right after."
            value={userId}
            onChange={(event) => setUserId(event.target.value)}
          >
            <option value="">Choose a colleague</option>
            {items.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
        )}
      </QueryView>
    </DeedDialog>
  );
}

/** Lets a campaign write about them. */
export function ApproveDialog({ count, onClose, onAct }: DeedDialogProps) {
  const campaigns = api.useQuery('get', '/api/v1/campaigns', { params: { query: { limit: 100 } } });
  const [campaignId, setCampaignId] = useState('');
  const open = campaigns.data?.items.filter(({ status }) => status !== 'ended') ?? [];
  const campaign = open.find(({ id }) => id === campaignId);
  return (
    <DeedDialog
      title={`Approve outreach for ${count}`}
      verb="Approve"
      isReady={campaign !== undefined}
      onAct={() => campaign && onAct({ kind: 'approve', campaignId: campaign.id, campaignName: campaign.name })}
      onClose={onClose}
    >
      <QueryView
        query={campaigns}
        label="Campaigns"
        lines={1}
        isEmpty={() => open.length === 0}
        empty={<p>There is no campaign that could write. Build one under Campaigns first.</p>}
      >
        {() => (
          <SelectField label="Campaign" value={campaignId} onChange={(event) => setCampaignId(event.target.value)}>
            <option value="">Choose a campaign</option>
            {open.map(({ id, name, status }) => (
              <option key={id} value={id}>
                {name} ({status})
              </option>
            ))}
          </SelectField>
        )}
      </QueryView>
      <p className="muted">
        The campaign may then send to the owners of these properties, as far as consent, quiet hours and caps allow.
        What was sent cannot be called back.
      </p>
    </DeedDialog>
  );
}

/** Asks the sources of each again, which can cost money. */
export function EnrichDialog({ count, onClose, onAct }: DeedDialogProps) {
  return (
    <DeedDialog
      title={`Enrich ${count} again`}
      verb="Ask the sources"
      isReady
      onAct={() => onAct({ kind: 're-enrich' })}
      onClose={onClose}
    >
      <p>
        Every source that serves their counties is asked anew about each of them, then they are scored. Sources that
        cost money are charged within your budgets.
      </p>
    </DeedDialog>
  );
}

/** Leaves them alone from now on. */
export function SuppressDialog({ count, onClose, onAct }: DeedDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <DeedDialog
      title={`Suppress ${count}`}
      verb="Suppress"
      isDangerous
      isReady={reason.trim() !== ''}
      onAct={() => onAct({ kind: 'suppress', reason: reason.trim() })}
      onClose={onClose}
    >
      <p>
        Nothing more is enriched, scored or sent for them. It begins after 8 seconds, in which it can be undone; after
        that it cannot.
      </p>
      <TextField
        label="Reason"
        hint="It stands in the timeline of each."
        maxLength={300}
        autoComplete="off"
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </DeedDialog>
  );
}

interface ShellProps {
  title: string;
  verb: string;
  isReady: boolean;
  isDangerous?: boolean;
  busy?: boolean;
  error?: unknown;
  onAct: () => void;
  onClose: () => void;
  children: ReactNode;
}

function DeedDialog({ title, verb, isReady, isDangerous, busy, error, onAct, onClose, children }: ShellProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onAct();
        }}
      >
        {children}
        {error ? (
          <p role="alert" className="error-text">
            {messageOf(error)}
          </p>
        ) : null}
        <div className="row">
          <Button type="submit" variant={isDangerous ? 'danger' : 'primary'} disabled={!isReady} busy={busy === true}>
            {verb}
          </Button>
          <Button onClick={onClose}>Cancel</Button>
        </div>
      </form>
    </Dialog>
  );
}
