import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatDollarsShort } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from '../campaigns/campaigns.module.css';
import { CountyChips } from '../campaigns/county-chips.tsx';
import {
  type BoxDraft,
  type BuyBox,
  boxDraftOf,
  boxLimits,
  boxProblems,
  boxText,
  type Contact,
} from './contact-draft.ts';
import { refreshContacts } from './contacts-data.ts';

/** What an investor or partner buys; without a box nobody gets a memo. */
export function BuyBoxes({ contact }: { contact: Contact }) {
  const query = api.useQuery('get', '/api/v1/buy-boxes', { params: { query: { contact_id: contact.id, limit: 50 } } });
  const { data: counties } = api.useQuery('get', '/api/v1/counties');
  const countyName = (slug: string) => counties?.items.find((one) => one.slug === slug)?.name ?? slug;
  const may = useMay();
  const [open, setOpen] = useState<BuyBox | 'new' | null>(null);
  const failed = (error: unknown) => showToast(messageOf(error), { isError: true });
  const restore = api.useMutation('post', '/api/v1/buy-boxes', { onSettled: refreshContacts, onError: failed });
  const remove = api.useMutation('delete', '/api/v1/buy-boxes/{id}', { onSettled: refreshContacts, onError: failed });
  const removeBox = (box: BuyBox) => {
    const undo = () =>
      restore.mutate({ body: { contact_id: contact.id, name: box.name, ...boxLimits(boxDraftOf(box)) } });
    remove.mutate(
      { params: { path: { id: box.id } } },
      { onSuccess: () => showToast(`${box.name} is removed.`, { undo }) },
    );
  };
  return (
    <Card
      title="Buy boxes"
      actions={
        may('outreach:update') && (
          <Button size="small" icon={<Plus size={14} />} onClick={() => setOpen('new')}>
            Add…
          </Button>
        )
      }
    >
      <QueryView
        query={query}
        label="Loading buy boxes"
        lines={2}
        isEmpty={({ items }) => items.length === 0}
        empty={<p className="muted">None yet: without one this contact gets no memos.</p>}
      >
        {({ items }) => (
          <ul className="stack">
            {items.map((box) => (
              <li key={box.id} className="row spread">
                <span className="grow">
                  <strong>{box.name}</strong>
                  <br />
                  <span className="small muted">{boxText(box, formatDollarsShort, countyName)}</span>
                </span>
                <span className="row">
                  {may('outreach:update') && (
                    <Button
                      size="small"
                      variant="quiet"
                      icon={<Pencil size={14} />}
                      aria-label={`Change ${box.name}`}
                      onClick={() => setOpen(box)}
                    />
                  )}
                  {may('outreach:delete') && (
                    <Button
                      size="small"
                      variant="quiet"
                      icon={<Trash2 size={14} />}
                      aria-label={`Remove ${box.name}`}
                      onClick={() => removeBox(box)}
                    />
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
      {open && <BoxDialog contact={contact} box={open === 'new' ? null : open} onClose={() => setOpen(null)} />}
    </Card>
  );
}

const NUMBERS: ReadonlyArray<{ name: keyof BoxDraft; field: string; label: string; hint?: string }> = [
  { name: 'minPrice', field: 'min_price', label: 'Lowest price', hint: 'US dollars.' },
  { name: 'maxPrice', field: 'max_price', label: 'Highest price', hint: 'US dollars.' },
  { name: 'minScore', field: 'min_score', label: 'Lowest score', hint: '0 to 100.' },
  { name: 'minBedrooms', field: 'min_bedrooms', label: 'Bedrooms, at least' },
  { name: 'minSqft', field: 'min_sqft', label: 'Living area, at least', hint: 'Square feet.' },
];

function BoxDialog({ contact, box, onClose }: { contact: Contact; box: BuyBox | null; onClose: () => void }) {
  const [draft, setDraft] = useState(() => boxDraftOf(box));
  const [isTried, setTried] = useState(false);
  const problems = isTried ? boxProblems(draft) : {};
  const done = () => {
    refreshContacts();
    showToast(`${draft.name.trim()} is saved.`);
    onClose();
  };
  const add = api.useMutation('post', '/api/v1/buy-boxes', { onSuccess: done });
  const replace = api.useMutation('put', '/api/v1/buy-boxes/{id}', { onSuccess: done });
  const set = (change: Partial<BoxDraft>) => setDraft({ ...draft, ...change });
  const submit = () => {
    setTried(true);
    if (Object.keys(boxProblems(draft)).length > 0) return;
    if (box === null) add.mutate({ body: { contact_id: contact.id, name: draft.name.trim(), ...boxLimits(draft) } });
    else replace.mutate({ params: { path: { id: box.id } }, body: boxLimits(draft) });
  };
  const error = add.error ?? replace.error;
  return (
    <Dialog
      title={box === null ? `What ${contact.name} buys` : `Change ${box.name}`}
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={add.isPending || replace.isPending} onClick={submit}>
            Save
          </Button>
        </>
      }
    >
      <p className="small muted">What is left empty is not limited. A box of the same name is replaced.</p>
      <TextField
        label="Name"
        value={draft.name}
        disabled={box !== null}
        error={problems['name']}
        placeholder="Houses up to $450,000"
        onChange={({ target }) => set({ name: target.value })}
      />
      <CountyChips chosen={draft.counties} onChange={(counties) => set({ counties })} />
      <div className={styles.fields}>
        <TextField
          label="Types of property"
          value={draft.types}
          placeholder="Any"
          hint="With commas between them."
          onChange={({ target }) => set({ types: target.value })}
        />
        <TextField
          label="ZIP codes"
          value={draft.zips}
          placeholder="Any"
          hint="With commas between them."
          onChange={({ target }) => set({ zips: target.value })}
        />
        {NUMBERS.map(({ name, field, label, hint }) => (
          <TextField
            key={name}
            label={label}
            inputMode="decimal"
            value={draft[name] as string}
            placeholder="No limit"
            hint={hint}
            error={problems[field]}
            onChange={({ target }) => set({ [name]: target.value })}
          />
        ))}
      </div>
      {error && (
        <p role="alert" className="error-text">
          {messageOf(error)}
        </p>
      )}
    </Dialog>
  );
}
