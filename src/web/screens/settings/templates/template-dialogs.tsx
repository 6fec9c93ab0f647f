import { useState } from 'react';
import { api } from '../../../app/api.ts';
import { queryClient } from '../../../app/query.tsx';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { messageOf } from '../../../ui/states.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { refreshOutreach } from '../../campaigns/outreach-data.ts';
import { nameProblem, placeOf, type TemplateKind } from './template-parts.ts';

type Parts = Readonly<Record<string, string>>;

/** Opens another template, or another version of this one. */
export type OpenTemplate = (next: { kind?: TemplateKind; name?: string; version?: number | undefined }) => void;

/** Has everything about templates asked again, after one was changed. */
export function refreshTemplates(): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/v1/templates'),
  });
  // A changed text takes the approval of the campaigns that use it.
  refreshOutreach();
}

/** Saves the texts under another name. */
export function CopyDialog({
  kind,
  name,
  parts,
  onClose,
  onOpen,
}: {
  kind: TemplateKind;
  name: string;
  parts: Parts;
  onClose: () => void;
  onOpen: OpenTemplate;
}) {
  const [copy, setCopy] = useState(`${name}-2`.slice(0, 63));
  const problem = nameProblem(copy);
  const save = api.useMutation('put', '/api/v1/templates/{kind}/{name}', {
    onSuccess: () => {
      refreshTemplates();
      showToast(`${copy} is saved.`);
      onClose();
      onOpen({ kind, name: copy, version: undefined });
    },
  });
  return (
    <Dialog
      title="Save as another template"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabled={problem !== null}
            busy={save.isPending}
            onClick={() => save.mutate({ params: { path: { kind, name: copy } }, body: { parts } })}
          >
            Save
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={copy}
        error={problem ?? undefined}
        hint="Campaigns choose it by this name."
        onChange={({ target }) => setCopy(target.value)}
      />
      {save.error && (
        <p role="alert" className="error-text">
          {placeOf(messageOf(save.error), parts).text}
        </p>
      )}
    </Dialog>
  );
}

/** Removes the tenant’s own versions. */
export function ResetDialog({
  kind,
  name,
  onClose,
  onOpen,
}: {
  kind: TemplateKind;
  name: string;
  onClose: () => void;
  onOpen: OpenTemplate;
}) {
  const reset = api.useMutation('delete', '/api/v1/templates/{kind}/{name}', {
    onSuccess: () => {
      refreshTemplates();
      showToast(`Your versions of ${name} are removed.`);
      onClose();
      onOpen({ version: undefined });
    },
  });
  return (
    <ConfirmDialog
      title={`Remove your versions of ${name}?`}
      confirmLabel="Remove all versions"
      isDangerous
      busy={reset.isPending}
      error={reset.error ? messageOf(reset.error) : undefined}
      onConfirm={() => reset.mutate({ params: { path: { kind, name } } })}
      onClose={onClose}
    >
      <p>
        The product’s template of this name counts again; without one, the name is gone and campaigns that use it cannot
        run. This cannot be undone: copy what you want to keep first.
      </p>
    </ConfirmDialog>
  );
}
