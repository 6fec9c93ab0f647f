import { useState } from 'react';
import { api } from '../../app/api.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import type { Contact } from './contact-draft.ts';
import { refreshContacts } from './contacts-data.ts';

/** Forgets a person for good, after the name was typed: this cannot be undone. */
export function EraseDialog({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const erase = api.useMutation('post', '/api/v1/contacts/{id}/erase', {
    onSuccess: ({ files, in_flight: inFlight }) => {
      refreshContacts();
      showToast(
        `The contact is erased${files > 0 ? `, with ${formatCount(files)} files` : ''}.${inFlight > 0 ? ` ${formatCount(inFlight)} messages were just leaving: erase again in a minute, for their files.` : ''}`,
      );
      onClose();
    },
  });
  const isMeant = typed.trim() === contact.name.trim();
  return (
    <Dialog
      title={`Erase ${contact.name} for good?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="danger"
            disabled={!isMeant}
            busy={erase.isPending}
            onClick={() => erase.mutate({ params: { path: { id: contact.id } }, body: { confirm: true } })}
          >
            Erase for good
          </Button>
        </>
      }
    >
      <p>
        For somebody who asked to be forgotten. Name, addresses, replies and the files of messages go; nobody writes to
        these addresses again, even when a file brings them back. Counts of what was sent stay, without the person.
      </p>
      <p>
        <strong>This cannot be undone.</strong> Export first what the person asked to have.
      </p>
      <TextField
        label={`Type the name to confirm: ${contact.name}`}
        value={typed}
        autoComplete="off"
        onChange={({ target }) => setTyped(target.value)}
      />
      {erase.error && (
        <p role="alert" className="error-text">
          {messageOf(erase.error)}
        </p>
      )}
    </Dialog>
  );
}
