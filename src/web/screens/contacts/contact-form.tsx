import { useState } from 'react';
import { api } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from '../campaigns/campaigns.module.css';
import {
  type Contact,
  type ContactDraft,
  type ContactKind,
  contactBody,
  contactChange,
  contactDraftOf,
  contactProblems,
  EMPTY_CONTACT,
} from './contact-draft.ts';
import { refreshContacts } from './contacts-data.ts';

/** Adds a contact, or completes the one that has the same address. */
export function AddContactDialog({ onClose, onAdded }: { onClose: () => void; onAdded: (id: string) => void }) {
  const [kind, setKind] = useState<ContactKind>('investor');
  const [draft, setDraft] = useState(EMPTY_CONTACT);
  const add = api.useMutation('post', '/api/v1/contacts', {
    onSuccess: ({ outcome, contact }) => {
      refreshContacts();
      showToast(OUTCOMES[outcome](contact.name));
      onAdded(contact.id);
    },
  });
  const { time_zone: zone, ...body } = contactBody(draft);
  return (
    <FormDialog
      title="Add a contact"
      label="Add"
      draft={draft}
      onDraft={setDraft}
      error={add.error}
      isBusy={add.isPending}
      onClose={onClose}
      onSubmit={() => add.mutate({ body: { kind, ...body, ...(zone && { time_zone: zone }) } })}
    >
      <SelectField
        label="Kind"
        value={kind}
        hint={
          kind === 'owner'
            ? 'Owns properties; never sees a valuation or memo.'
            : 'Gets memos of what a buy box matches: add one next.'
        }
        onChange={({ target }) => setKind(target.value as ContactKind)}
      >
        <option value="investor">Investor</option>
        <option value="partner">Partner</option>
        <option value="owner">Owner</option>
      </SelectField>
    </FormDialog>
  );
}

const OUTCOMES: Readonly<Record<'created' | 'updated' | 'unchanged' | 'archived', (name: string) => string>> = {
  created: (name) => `${name} is added.`,
  updated: (name) => `${name} was known by that address and is completed.`,
  unchanged: (name) => `${name} is there already; nothing had to be changed.`,
  archived: (name) => `${name} is there already, archived. Restore the contact to write to it.`,
};

/** Changes a contact; what was typed stays when the request fails. */
export function EditContactDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const before = contactDraftOf(contact);
  const [draft, setDraft] = useState(before);
  const change = api.useMutation('patch', '/api/v1/contacts/{id}', {
    onSuccess: (changed) => {
      refreshContacts();
      showToast(`${changed.name} is changed.`);
      onClose();
    },
  });
  const submit = () => {
    const body = contactChange(before, draft);
    if (Object.keys(body).length === 0) onClose();
    else change.mutate({ params: { path: { id: contact.id } }, body });
  };
  return (
    <FormDialog
      title={`Change ${contact.name}`}
      label="Save"
      draft={draft}
      onDraft={setDraft}
      error={change.error}
      isBusy={change.isPending}
      onClose={onClose}
      onSubmit={submit}
    />
  );
}

function FormDialog({
  title,
  label,
  draft,
  onDraft,
  error,
  isBusy,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  label: string;
  draft: ContactDraft;
  onDraft: (draft: ContactDraft) => void;
  error: unknown;
  isBusy: boolean;
  onClose: () => void;
  onSubmit: () => void;
  children?: React.ReactNode;
}) {
  const problems = error == null ? {} : contactProblems(messageOf(error));
  const field = (name: keyof ContactDraft) => ({
    error: problems[name],
    value: draft[name],
    onChange: ({ target }: { target: { value: string } }) => onDraft({ ...draft, [name]: target.value }),
  });
  return (
    <Dialog
      title={title}
      onClose={onClose}
      size="wide"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="contact-form" variant="primary" busy={isBusy} disabled={draft.name.trim() === ''}>
            {label}
          </Button>
        </>
      }
    >
      <form
        id="contact-form"
        noValidate
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        <div className={styles.fields}>
          <TextField label="Name" required maxLength={200} {...field('name')} />
          <TextField label="E-mail address" type="email" {...field('email')} />
          <TextField
            label="Phone"
            type="tel"
            hint="Text messages leave only with a consent on record."
            {...field('phone')}
          />
          <TextField label="Tags" hint="With commas between them." {...field('tags')} />
        </div>
        <div className={styles.fields}>
          <TextField
            label="Street"
            hint="For letters: all four lines are needed."
            maxLength={64}
            {...field('street')}
          />
          <TextField label="City" {...field('city')} />
          <TextField
            label="State"
            hint="Two letters or its name. State, ZIP code or time zone: messages leave by the hour there."
            {...field('state')}
          />
          <TextField label="ZIP code" inputMode="numeric" {...field('zip')} />
          <TextField
            label="Time zone"
            placeholder="By state and ZIP code"
            hint="Such as America/Chicago; messages leave by it."
            {...field('timeZone')}
          />
        </div>
        {problems.rest && (
          <p role="alert" className="error-text">
            {problems.rest}
          </p>
        )}
      </form>
    </Dialog>
  );
}
