import { Archive, ArchiveRestore, Download, Eraser, Pencil } from 'lucide-react';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { api, client } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatDay, formatMoment, formatPhone, humanise } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { BuyBoxes } from './buy-boxes.tsx';
import { Consents } from './consents.tsx';
import type { Contact } from './contact-draft.ts';
import { EditContactDialog } from './contact-form.tsx';
import { refreshContacts, useContact } from './contacts-data.ts';
import { KindBadge } from './contacts-table.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { Suppressions } from './suppressions-of.tsx';

/** One contact: details, whether it may be written to, consents, and what it buys. */
export function ContactDrawer({ contactId, onClose }: { contactId: string; onClose: () => void }) {
  const query = useContact(contactId);
  const contact = query.data;
  const title = contact === undefined ? 'Contact' : contact.erased_at === null ? contact.name : 'Erased contact';
  return (
    <Dialog title={title} place="side" onClose={onClose}>
      <QueryView query={query} label="Loading the contact">
        {(found) => <Details contact={found} />}
      </QueryView>
    </Dialog>
  );
}

function Details({ contact }: { contact: Contact }) {
  const post = contact.postal_address;
  const isErased = contact.erased_at !== null;
  return (
    <>
      <div className="row">
        <KindBadge kind={contact.kind} />
        {contact.status === 'archived' && !isErased && <Badge tone="warn">Archived: gets no messages</Badge>}
        {isErased && <Badge tone="bad">Erased {formatDay(contact.erased_at)}</Badge>}
      </div>
      {!isErased && <Actions contact={contact} />}
      {isErased ? (
        <p className="muted">
          The person asked to be forgotten, {formatMoment(contact.erased_at)}. Details, replies and files are gone;
          their addresses stay on the list of those nobody writes to.
        </p>
      ) : (
        <>
          <Facts
            facts={[
              ['E-mail', contact.email ?? 'None known'],
              ['Phone', contact.phone === null ? 'None known' : formatPhone(contact.phone)],
              [
                'Postal address',
                post
                  ? [post.line1, post.line2, `${post.city}, ${post.state} ${post.zip_code}`].filter(Boolean).join(', ')
                  : 'None known',
              ],
              ['Time zone', contact.time_zone],
              ['State', contact.state ?? 'Not known'],
              ['Tags', contact.tags.length > 0 ? contact.tags.join(', ') : 'None'],
              ['Came from', contact.source === null ? 'Not known' : humanise(contact.source)],
              ['Added', formatMoment(contact.created_at)],
            ]}
          />
          <Suppressions contact={contact} />
          <Consents contact={contact} />
          {contact.kind !== 'owner' && <BuyBoxes contact={contact} />}
        </>
      )}
    </>
  );
}

function Actions({ contact }: { contact: Contact }) {
  const may = useMay();
  const [open, setOpen] = useState<'edit' | 'erase' | null>(null);
  const [isExporting, setExporting] = useState(false);
  const path = { id: contact.id };
  const failed = (error: unknown) => showToast(messageOf(error), { isError: true });
  const restore = api.useMutation('post', '/api/v1/contacts/{id}/restore', {
    onSettled: refreshContacts,
    onError: failed,
  });
  const archive = api.useMutation('post', '/api/v1/contacts/{id}/archive', {
    onSuccess: () => showToast(`${contact.name} is archived.`, { undo: () => restore.mutate({ params: { path } }) }),
    onSettled: refreshContacts,
    onError: failed,
  });
  const download = async () => {
    setExporting(true);
    try {
      saveJson(
        `contact-${contact.id}.json`,
        await take(client.GET('/api/v1/contacts/{id}/export', { params: { path } })),
      );
    } catch (error) {
      failed(error);
    }
    setExporting(false);
  };
  return (
    <div className="row">
      {may('outreach:update') && (
        <>
          <Button icon={<Pencil size={16} />} onClick={() => setOpen('edit')}>
            Change
          </Button>
          {contact.status === 'active' ? (
            <Button
              icon={<Archive size={16} />}
              busy={archive.isPending}
              onClick={() => archive.mutate({ params: { path } })}
            >
              Archive
            </Button>
          ) : (
            <Button
              icon={<ArchiveRestore size={16} />}
              busy={restore.isPending}
              onClick={() => restore.mutate({ params: { path } })}
            >
              Restore
            </Button>
          )}
        </>
      )}
      <Button icon={<Download size={16} />} busy={isExporting} onClick={() => void download()}>
        Export
      </Button>
      {may('outreach:delete') && (
        <Button variant="danger" icon={<Eraser size={16} />} onClick={() => setOpen('erase')}>
          Erase…
        </Button>
      )}
      {open === 'edit' && <EditContactDialog contact={contact} onClose={() => setOpen(null)} />}
      {open === 'erase' && <EraseDialog contact={contact} onClose={() => setOpen(null)} />}
    </div>
  );
}

/** Offers data as a file of this browser. */
function saveJson(name: string, data: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
