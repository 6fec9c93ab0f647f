import { type FormEvent, useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckboxField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import styles from './settings.module.css';
import { WEBHOOK_EVENTS } from './webhooks.ts';

interface WebhookFormProps {
  /** The one to change; without it a new one is made. */
  webhook?: Schemas['Webhook'];
  /** With the secret when it is new. */
  onSaved: (saved: Schemas['Webhook'] & { secret?: string }) => void;
  onClose: () => void;
}

/** Address, name and events of a webhook. */
export function WebhookForm({ webhook, onSaved, onClose }: WebhookFormProps) {
  const [url, setUrl] = useState(webhook?.url ?? 'https://');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [types, setTypes] = useState<readonly string[]>(webhook?.event_types ?? []);
  const make = api.useMutation('post', '/api/v1/webhooks', { onSuccess: onSaved });
  const change = api.useMutation('patch', '/api/v1/webhooks/{id}', { onSuccess: onSaved });
  const error = make.error ?? change.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { url: url.trim(), description: description.trim(), event_types: [...types] as never };
    if (webhook === undefined) make.mutate({ body });
    else change.mutate({ params: { path: { id: webhook.id } }, body });
  };
  const isAll = types.length === 0;
  return (
    <Dialog
      title={webhook === undefined ? 'New webhook' : 'Change webhook'}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="webhook-form" busy={make.isPending || change.isPending}>
            {webhook === undefined ? 'Make webhook' : 'Save'}
          </Button>
        </>
      }
    >
      <form id="webhook-form" className="stack" onSubmit={submit}>
        <TextField
          label="Address"
          hint="https on the public internet; events are sent to it by POST"
          type="url"
          required
          maxLength={2000}
          value={url}
          onChange={({ target }) => setUrl(target.value)}
        />
        <TextField
          label="Description"
          hint="What hears them, for whoever looks here next"
          maxLength={200}
          value={description}
          onChange={({ target }) => setDescription(target.value)}
        />
        <fieldset className={styles.scopes}>
          <legend>Events</legend>
          <CheckboxField
            label="Every event, those to come too"
            checked={isAll}
            onChange={({ target }) => setTypes(target.checked ? [] : WEBHOOK_EVENTS.map(({ type }) => type))}
          />
          {!isAll && (
            <div className={styles.events}>
              {WEBHOOK_EVENTS.map(({ type, text }) => (
                <CheckboxField
                  key={type}
                  label={type}
                  hint={text}
                  checked={types.includes(type)}
                  onChange={({ target }) =>
                    setTypes(target.checked ? [...types, type] : types.filter((one) => one !== type))
                  }
                />
              ))}
            </div>
          )}
        </fieldset>
        {error && (
          <p role="alert" className="error-text">
            {messageOf(error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
