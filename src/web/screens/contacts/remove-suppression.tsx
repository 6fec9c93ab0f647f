import { useState } from 'react';
import { api } from '../../app/api.ts';
import { humanise } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { refreshContacts } from './contacts-data.ts';

/** Takes an address off the list again; the log keeps why. */
export function RemoveDialog({
  channel,
  reason,
  addressHash,
  onClose,
}: {
  channel: 'email' | 'sms' | 'mail';
  reason: string;
  addressHash: string;
  onClose: () => void;
}) {
  const [why, setWhy] = useState('');
  const isTheirs = ['unsubscribed', 'spam', 'erased'].includes(reason);
  const remove = api.useMutation('post', '/api/v1/suppressions/remove', {
    onSuccess: () => {
      refreshContacts();
      showToast('The address may be written to again.');
      onClose();
    },
  });
  return (
    <Dialog
      title="Write to this address again?"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={isTheirs || why.trim() === ''}
            busy={remove.isPending}
            onClick={() => remove.mutate({ body: { channel, address_hash: addressHash, reason: why.trim() } })}
          >
            Allow again
          </Button>
        </>
      }
    >
      {isTheirs ? (
        <p>
          It is suppressed because its owner asked for it ({humanise(reason).toLowerCase()}). Only the owner can take
          that back: record their new consent.
        </p>
      ) : (
        <>
          <p>
            It was suppressed as {humanise(reason).toLowerCase()}. Writing to addresses that bounce harms the sender’s
            name.
          </p>
          <TextField
            label="Why it may be written to again"
            hint="Kept in the log, with your name."
            required
            maxLength={300}
            value={why}
            onChange={({ target }) => setWhy(target.value)}
          />
        </>
      )}
      {remove.error && (
        <p role="alert" className="error-text">
          {messageOf(remove.error)}
        </p>
      )}
    </Dialog>
  );
}
