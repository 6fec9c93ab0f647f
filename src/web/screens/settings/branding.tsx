import { useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, type FormEvent, useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import {
  type BrandingField,
  type BrandingTexts,
  brandingChange,
  LOGO_TYPES,
  logoProblem,
  textsOf,
} from './branding.ts';
import { BrandingPreview } from './branding-preview.tsx';
import styles from './settings.module.css';

/** How memos look: texts, colour and logo, with a preview as they change. */
export function BrandingCard({ mayChange }: { mayChange: boolean }) {
  const query = api.useQuery('get', '/api/v1/branding', {});
  return (
    <Card title="Branding of memos">
      <QueryView query={query} lines={8}>
        {(branding) =>
          mayChange ? (
            <BrandingForm branding={branding} />
          ) : (
            <BrandingPreview texts={textsOf(branding)} logoUrl={branding.logo_url} />
          )
        }
      </QueryView>
    </Card>
  );
}

const LINES: ReadonlyArray<{ field: BrandingField; label: string; type?: string; max: number; hint?: string }> = [
  { field: 'company_name', label: 'Company name', max: 80 },
  { field: 'tagline', label: 'Tagline', max: 120 },
  { field: 'contact_name', label: 'Contact', max: 80, hint: 'The person whom a reader may ask' },
  { field: 'email', label: 'E-mail', type: 'email', max: 254 },
  { field: 'phone', label: 'Phone', type: 'tel', max: 40 },
  { field: 'website', label: 'Website', type: 'url', max: 500, hint: 'With https://' },
];

function BrandingForm({ branding }: { branding: Schemas['Branding'] }) {
  const queries = useQueryClient();
  const before = textsOf(branding);
  const [texts, setTexts] = useState<BrandingTexts>(before);
  const [logo, setLogo] = useState<{ base64: string; address: string } | null | undefined>(undefined);
  const [logoError, setLogoError] = useState<string | undefined>();
  const save = api.useMutation('put', '/api/v1/branding', {
    onSuccess: (saved) => {
      queries.setQueryData(['get', '/api/v1/branding', {}], saved);
      setTexts(textsOf(saved));
      setLogo(undefined);
    },
  });
  const change = brandingChange(before, texts);
  const isChanged = Object.keys(change).length > 0 || logo !== undefined;
  const set =
    (field: BrandingField) =>
    ({ target }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      setTexts({ ...texts, [field]: target.value });
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    if (file === undefined) return;
    const problem = logoProblem(file);
    setLogoError(problem ?? undefined);
    if (problem !== null) return;
    const address = await dataUrlOf(file);
    setLogo({ address, base64: address.slice(address.indexOf(',') + 1) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const undone = brandingChange(texts, before);
    save.mutate(
      { body: { ...change, ...(logo === undefined ? {} : { logo: logo?.base64 ?? null }) } },
      {
        onSuccess: () =>
          showToast(
            'Memos written from now on look like this.',
            // A replaced logo is not kept: only texts can be taken back.
            logo === undefined ? { undo: () => save.mutate({ body: undone }) } : {},
          ),
      },
    );
  };
  return (
    <div className={styles.columns}>
      <form className="stack" onSubmit={submit}>
        <div className={styles.pair}>
          {LINES.map(({ field, label, type, max, hint }) => (
            <TextField
              key={field}
              label={label}
              hint={hint}
              type={type ?? 'text'}
              maxLength={max}
              value={texts[field]}
              onChange={set(field)}
            />
          ))}
        </div>
        <div className={styles.pair}>
          <div className={styles.color}>
            <TextField
              label="Accent colour"
              hint="Six hexadecimal digits, such as #1c3c5e"
              maxLength={7}
              value={texts.accent_color}
              onChange={set('accent_color')}
            />
            <input
              type="color"
              aria-label="Choose the accent colour"
              value={/^#[0-9a-f]{6}$/i.test(texts.accent_color) ? texts.accent_color : '#1c3c5e'}
              onChange={set('accent_color')}
            />
          </div>
          <div>
            <TextField
              label="Logo"
              hint="PNG, JPEG, WebP or GIF, at most 1 MB"
              type="file"
              accept={LOGO_TYPES.join(',')}
              error={logoError}
              onChange={(event) => void choose(event)}
            />
            {logo !== null && (logo !== undefined || branding.logo_url !== null) && (
              <Button size="small" variant="quiet" onClick={() => setLogo(null)}>
                Take the logo away
              </Button>
            )}
          </div>
        </div>
        <TextAreaField
          label="Disclaimer"
          hint="At the end of each memo"
          maxLength={1_200}
          value={texts.disclaimer}
          onChange={set('disclaimer')}
        />
        {save.error && (
          <p role="alert" className="error-text">
            {messageOf(save.error)}
          </p>
        )}
        <div className="row">
          <Button type="submit" variant="primary" disabled={!isChanged} busy={save.isPending}>
            Save
          </Button>
          {isChanged && (
            <Button
              variant="quiet"
              onClick={() => {
                setTexts(before);
                setLogo(undefined);
              }}
            >
              Discard changes
            </Button>
          )}
        </div>
      </form>
      <BrandingPreview texts={texts} logoUrl={logo === null ? null : (logo?.address ?? branding.logo_url)} />
    </div>
  );
}

function dataUrlOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('The file could not be read.'));
    reader.readAsDataURL(file);
  });
}
