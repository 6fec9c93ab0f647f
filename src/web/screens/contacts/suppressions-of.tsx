import { Ban, Check } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatDay, humanise } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Card } from '../../ui/page.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from '../campaigns/campaigns.module.css';
import { channelName } from '../campaigns/words.ts';
import type { Contact } from './contact-draft.ts';
import { refreshContacts } from './contacts-data.ts';
import { RemoveDialog } from './remove-suppression.tsx';

type Channel = 'email' | 'sms' | 'mail';

/** Whether each address of the contact may be written to, and why not. */
export function Suppressions({ contact }: { contact: Contact }) {
  const post = contact.postal_address;
  const line =
    post && `${[post.line1, post.line2].filter(Boolean).join(', ')}, ${post.city}, ${post.state} ${post.zip_code}`;
  const addresses = [
    ['email', contact.email],
    ['sms', contact.phone],
    ['mail', line],
  ].filter((pair): pair is [Channel, string] => pair[1] !== null);
  return (
    <Card title="May be written to">
      {addresses.length === 0 ? (
        <p className="muted">No address is known, so nothing can be sent.</p>
      ) : (
        <ul className="stack">
          {addresses.map(([channel, address]) => (
            <AddressState key={channel} channel={channel} address={address} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function AddressState({ channel, address }: { channel: Channel; address: string }) {
  const { data, error } = api.useQuery('get', '/api/v1/suppressions', { params: { query: { channel, address } } });
  const may = useMay();
  const [open, setOpen] = useState<'add' | 'remove' | null>(null);
  const found = data?.items[0];
  const name = channelName(channel);
  return (
    <li className="row spread">
      <span className={`grow ${styles.withIcon}`}>
        {found ? <Ban size={16} aria-hidden="true" /> : <Check size={16} aria-hidden="true" />}
        <span>
          <strong>{name}</strong>{' '}
          {error ? (
            <span className="error-text">{messageOf(error)}</span>
          ) : data === undefined ? (
            '…'
          ) : found ? (
            <span>
              No: {humanise(found.reason).toLowerCase()}, {formatDay(found.at)}
              {found.expires_at && `, until ${formatDay(found.expires_at)}`}
            </span>
          ) : (
            <span className="muted">Yes, as far as consent and the law allow</span>
          )}
        </span>
      </span>
      {found
        ? may('outreach:approve') && (
            <Button size="small" onClick={() => setOpen('remove')} aria-label={`Allow again: ${name}`}>
              Allow again…
            </Button>
          )
        : data &&
          may('outreach:update') && (
            <Button size="small" onClick={() => setOpen('add')} aria-label={`Stop writing by ${name}`}>
              Stop…
            </Button>
          )}
      {open === 'add' && <AddDialog channel={channel} address={address} onClose={() => setOpen(null)} />}
      {open === 'remove' && found && (
        <RemoveDialog
          channel={channel}
          reason={found.reason}
          addressHash={found.address_hash}
          onClose={() => setOpen(null)}
        />
      )}
    </li>
  );
}

function AddDialog({ channel, address, onClose }: { channel: Channel; address: string; onClose: () => void }) {
  const add = api.useMutation('post', '/api/v1/suppressions', {
    onSuccess: () => {
      refreshContacts();
      showToast('Nothing more is sent there.');
      onClose();
    },
  });
  const body = { channel, addresses: [address], reason: 'manual' as const, source: 'dashboard', expires_at: null };
  return (
    <ConfirmDialog
      title="Stop writing to this address?"
      confirmLabel="Stop"
      busy={add.isPending}
      error={add.error ? messageOf(add.error) : undefined}
      onConfirm={() => add.mutate({ body })}
      onClose={onClose}
    >
      <p>
        Nothing more is sent to <strong>{address}</strong>, by any campaign. Whoever may approve can allow it again.
      </p>
    </ConfirmDialog>
  );
}
