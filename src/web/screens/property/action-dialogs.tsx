import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { api, client } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { afterUndo } from '../properties/after-undo.ts';
import { nameOfProperty, type Property } from './property-query.ts';
import { useRefreshProperty } from './queries.ts';

interface DialogProps {
  property: Property;
  onClose: () => void;
}

/** Does it, says so and closes; an error stays in the dialog with what was typed. */
function useDeed({ property, onClose }: DialogProps, deed: () => Promise<unknown>, said: string) {
  const refresh = useRefreshProperty(property.id);
  return useMutation({
    mutationFn: deed,
    onSuccess: () => {
      showToast(said);
      refresh('detail', 'timeline', 'messages');
      onClose();
    },
  });
}

/** Asks which campaign may write about the property. */
export function ApproveDialog({ property, onClose }: DialogProps) {
  const campaigns = api.useQuery('get', '/api/v1/campaigns', { params: { query: { limit: 200 } } });
  const [chosen, setChosen] = useState('');
  const running = campaigns.data?.items.filter(({ status }) => status === 'active' || status === 'paused') ?? [];
  const campaignId = chosen || running[0]?.id || '';
  const params = { path: { id: property.id } };
  const deed = useDeed(
    { property, onClose },
    () => take(client.POST('/api/v1/properties/{id}/approve-outreach', { params, body: { campaign_id: campaignId } })),
    'Approved. What leaves, and when, is shown under Outreach.',
  );
  return (
    <Dialog
      title="Approve outreach"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={deed.isPending} disabled={campaignId === ''} onClick={() => deed.mutate()}>
            Approve
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>
          The campaign’s messages about {nameOfProperty(property)} may leave from now on, within its quiet hours, caps
          and suppressions. What has left cannot be called back; pausing the property holds what has not.
        </p>
        <QueryView query={campaigns} label="Campaigns" lines={2}>
          {() =>
            running.length === 0 ? (
              <p className="muted">There is no running campaign. Build one under Campaigns first.</p>
            ) : (
              <SelectField label="Campaign" value={campaignId} onChange={(event) => setChosen(event.target.value)}>
                {running.map(({ id, name, status }) => (
                  <option key={id} value={id}>
                    {name}
                    {status === 'paused' ? ' (paused)' : ''}
                  </option>
                ))}
              </SelectField>
            )
          }
        </QueryView>
        {deed.error && (
          <p role="alert" className="error-text">
            {messageOf(deed.error)}
          </p>
        )}
      </div>
    </Dialog>
  );
}

/** Says what asking the sources again does, and asks. */
export function EnrichDialog({ onConfirm, onClose }: { onConfirm: () => Promise<void>; onClose: () => void }) {
  return (
    <ConfirmDialog
      title="Ask the data sources again"
      confirmLabel="Ask again"
      onConfirm={() => {
        onClose();
        void onConfirm();
      }}
      onClose={onClose}
    >
      <p>
        Every source that serves this county is asked anew, then the property is scored. Sources that cost money are
        charged within your budgets. Values that change keep their history under Facts.
      </p>
    </ConfirmDialog>
  );
}

const OUTCOMES = [
  ['won', 'We bought it'],
  ['under contract', 'It is under contract with us'],
  ['sold elsewhere', 'It was sold to somebody else'],
  ['declined', 'The owner declined'],
  ['not interested', 'No investor is interested'],
  ['lost', 'Lost for another reason'],
] as const;

/** Records how the deal ended. */
export function OutcomeDialog({ property, onClose }: DialogProps) {
  const [outcome, setOutcome] = useState<string>('won');
  const [note, setNote] = useState('');
  const params = { path: { id: property.id } };
  const body = { outcome, ...(note.trim() !== '' && { note: note.trim() }) };
  const deed = useDeed(
    { property, onClose },
    () => take(client.POST('/api/v1/properties/{id}/outcome', { params, body })),
    'Recorded. The property is closed, and the lead score learns from it.',
  );
  return (
    <ConfirmDialog
      title="Record the outcome"
      confirmLabel="Record and close"
      busy={deed.isPending}
      error={deed.error ? messageOf(deed.error) : undefined}
      onConfirm={() => deed.mutate()}
      onClose={onClose}
    >
      <div className="stack">
        <p>Outreach about {nameOfProperty(property)} ends, and it counts in the figures of its campaign. This stays.</p>
        <SelectField label="How it ended" value={outcome} onChange={(event) => setOutcome(event.target.value)}>
          {OUTCOMES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </SelectField>
        <TextAreaField
          label="Note"
          hint="Optional: price, date, why."
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </ConfirmDialog>
  );
}

/** Asks why the property is to be left alone. */
export function SuppressDialog({ property, onClose }: DialogProps) {
  const [reason, setReason] = useState('');
  const refresh = useRefreshProperty(property.id);
  const params = { path: { id: property.id } };
  const suppress = async (body: { reason: string }) => {
    await take(client.POST('/api/v1/properties/{id}/suppress', { params, body, keepalive: true }));
    refresh('detail', 'timeline', 'messages');
  };
  const confirm = () => {
    const given = reason.trim();
    if (given === '') return setAsked(true);
    onClose();
    afterUndo(`${nameOfProperty(property)} is about to be suppressed.`, () => suppress({ reason: given }));
  };
  const [isAsked, setAsked] = useState(false);
  return (
    <ConfirmDialog
      title="Leave this property alone"
      confirmLabel="Suppress"
      isDangerous
      onConfirm={confirm}
      onClose={onClose}
    >
      <div className="stack">
        <p>
          Nothing is enriched, scored or sent about {nameOfProperty(property)} from now on. What is known stays. It
          begins after 8 seconds, in which it can be undone; after that it cannot.
        </p>
        <TextField
          label="Reason"
          hint="It stands in the timeline."
          maxLength={300}
          value={reason}
          error={isAsked && reason.trim() === '' ? 'Say why, so that the next person knows.' : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </ConfirmDialog>
  );
}
