import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { CheckboxField, TextField } from '../../ui/field.tsx';
import { Facts } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';

interface Channels {
  slack: { enabled: boolean; has_webhook: boolean };
  email: { enabled: boolean; recipients: string[] | null };
}

/** Where briefings and alerts go: Slack and e-mail. */
export function ChannelsDialog({ onClose }: { onClose: () => void }) {
  const may = useMay();
  const query = api.useQuery('get', '/api/v1/briefings/channels', {});
  return (
    <Dialog title="Where briefings and alerts go" onClose={onClose}>
      <QueryView query={query} lines={4}>
        {(channels) =>
          may('tenant:update') ? (
            <ChannelsForm channels={channels} onClose={onClose} />
          ) : (
            <>
              <Facts facts={factsOf(channels)} />
              <p className="small muted">An administrator of your organisation can change this.</p>
            </>
          )
        }
      </QueryView>
    </Dialog>
  );
}

function factsOf({ slack, email }: Channels): Array<readonly [string, string]> {
  const recipients = email.recipients === null ? 'every active admin and analyst' : `${email.recipients.length} people`;
  return [
    ['Slack', !slack.has_webhook ? 'Not set up' : slack.enabled ? 'On' : 'Off'],
    ['E-mail', email.enabled ? `On, to ${recipients}` : 'Off'],
  ];
}

function ChannelsForm({ channels, onClose }: { channels: Channels; onClose: () => void }) {
  const queries = useQueryClient();
  const colleagues = api.useQuery('get', '/api/v1/colleagues', { params: { query: { limit: 200 } } });
  const [slackOn, setSlackOn] = useState(channels.slack.enabled);
  const [webhook, setWebhook] = useState('');
  const [emailOn, setEmailOn] = useState(channels.email.enabled);
  const [recipients, setRecipients] = useState<readonly string[] | null>(channels.email.recipients);
  const [error, setError] = useState<string | null>(null);
  const save = api.useMutation('put', '/api/v1/briefings/channels');
  const submit = async () => {
    try {
      await save.mutateAsync({
        body: {
          slack: { enabled: slackOn, ...(webhook.trim() === '' ? {} : { webhook_url: webhook.trim() }) },
          email: { enabled: emailOn, recipients: recipients === null ? null : [...recipients] },
        },
      });
      await queries.invalidateQueries({ queryKey: ['get', '/api/v1/briefings/channels'] });
      showToast('Saved');
      onClose();
    } catch (refused) {
      setError(messageOf(refused));
    }
  };
  const toggle = (id: string, isOn: boolean) =>
    setRecipients((before) => (isOn ? [...(before ?? []), id] : (before ?? []).filter((one) => one !== id)));
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset className="stack">
        <legend>Slack</legend>
        <CheckboxField label="Send to Slack" checked={slackOn} onChange={(event) => setSlackOn(event.target.checked)} />
        <TextField
          label="Incoming webhook"
          type="url"
          autoComplete="off"
          placeholder="https://hooks.slack.com/services/…"
          hint={
            channels.slack.has_webhook
              ? 'One is kept, sealed. Write a new one to replace it.'
              : 'From Slack: Apps, Incoming webhooks.'
          }
          value={webhook}
          onChange={(event) => setWebhook(event.target.value)}
        />
      </fieldset>
      <fieldset className="stack">
        <legend>E-mail</legend>
        <CheckboxField
          label="Send by e-mail"
          checked={emailOn}
          onChange={(event) => setEmailOn(event.target.checked)}
        />
        <CheckboxField
          label="To every active admin and analyst"
          checked={recipients === null}
          onChange={(event) => setRecipients(event.target.checked ? null : [])}
        />
        {recipients !== null &&
          (colleagues.data?.items ?? []).map(({ id, name }) => (
            <CheckboxField
              key={id}
              label={name}
              checked={recipients.includes(id)}
              onChange={(event) => toggle(id, event.target.checked)}
            />
          ))}
      </fieldset>
      {error && (
        <p role="alert" className="error-text">
          {error}
        </p>
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" busy={save.isPending}>
          Save
        </Button>
      </DialogActions>
    </form>
  );
}
