import { FileUp, Plus } from 'lucide-react';
import { useMay } from '../../app/permissions.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { Tabs } from '../../ui/tab-panel.tsx';
import { textOf, useAddress } from '../campaigns/use-address.ts';
import { ContactDrawer } from './contact-drawer.tsx';
import { AddContactDialog } from './contact-form.tsx';
import { ContactsTable } from './contacts-table.tsx';
import { ImportContactsDialog } from './import-dialog.tsx';
import { SuppressionsTab } from './suppressions-tab.tsx';

const TABS = [
  { id: 'people', text: 'People' },
  { id: 'suppressed', text: 'Suppressed addresses' },
];

/** Whom the tenant knows, and to whom nothing is written any more. */
export function ContactsScreen() {
  const [search, change] = useAddress();
  const may = useMay();
  const open = textOf(search['contact']);
  const tab = textOf(search['tab']) === 'suppressed' ? 'suppressed' : 'people';
  return (
    <Page
      title="Contacts"
      about="Investors, partners and owners. Names and addresses are sealed in the database."
      actions={
        may('outreach:update') && (
          <>
            <Button icon={<FileUp size={16} />} onClick={() => change({ import: 'yes' })}>
              Import a file
            </Button>
            <Button variant="primary" icon={<Plus size={16} />} onClick={() => change({ add: 'yes' })}>
              Add a contact
            </Button>
          </>
        )
      }
    >
      <Tabs
        label="Contacts"
        tabs={TABS}
        chosen={tab}
        onChoose={(id) => change({ tab: id === 'people' ? undefined : id })}
      >
        {tab === 'people' ? <ContactsTable /> : <SuppressionsTab />}
      </Tabs>
      {open && <ContactDrawer key={open} contactId={open} onClose={() => change({ contact: undefined })} />}
      {textOf(search['import']) && may('outreach:update') && (
        <ImportContactsDialog onClose={() => change({ import: undefined })} />
      )}
      {textOf(search['add']) && (
        <AddContactDialog
          onClose={() => change({ add: undefined })}
          onAdded={(id) => change({ add: undefined, contact: id })}
        />
      )}
    </Page>
  );
}
