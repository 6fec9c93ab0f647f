import { Copy, Eye, RotateCcw, Save } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { api, type Schemas } from '../../../app/api.ts';
import { useMay } from '../../../app/permissions.ts';
import { queryClient } from '../../../app/query.tsx';
import { useSession } from '../../../app/session.ts';
import { formatMoment } from '../../../lib/format.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../../ui/dialog.tsx';
import { TextField } from '../../../ui/field.tsx';
import { Card } from '../../../ui/page.tsx';
import { messageOf, QueryView } from '../../../ui/states.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { refreshOutreach } from '../../campaigns/outreach-data.ts';
import { FieldHelp } from './field-help.tsx';
import { keepParts, keptParts } from './template-draft.ts';
import { kindName, nameProblem, partsOfKind, placeOf, rangeOfLine, type TemplateKind } from './template-parts.ts';
import { TemplatePreview } from './template-preview.tsx';
import { TemplateVersions } from './template-versions.tsx';
import styles from './templates.module.css';

type Template = Schemas['Template'];
type Parts = Readonly<Record<string, string>>;

interface EditorProps {
  kind: TemplateKind;
  name: string;
  version: number | undefined;
  onOpen: (next: { kind?: TemplateKind; name?: string; version?: number | undefined }) => void;
}

/** One template: its texts, checked as they are saved, its versions, and how it looks. */
export function TemplateEditor(props: EditorProps) {
  const { kind, name, version } = props;
  const query = api.useQuery('get', '/api/v1/templates/{kind}/{name}', {
    params: { path: { kind, name }, query: { version } },
  });
  return (
    <div className="stack">
      <QueryView query={query} label="Loading the template">
        {(template) => <Editor key={template.sha256} {...props} template={template} />}
      </QueryView>
    </div>
  );
}

function refreshTemplates(): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/v1/templates'),
  });
  // A changed text takes the approval of the campaigns that use it.
  refreshOutreach();
}

function Editor({ kind, name, version, template, onOpen }: EditorProps & { template: Template }) {
  const may = useMay();
  const me = useSession()?.session.user.id ?? 'nobody';
  const storeKey = `reos.template-draft.${me}.${kind}.${name}.${template.sha256}`;
  const [parts, setParts] = useState<Parts>(() => keptParts(localStorage, storeKey) ?? template.parts);
  const [shown, setShown] = useState<Parts | null>(null);
  const [isCopying, setCopying] = useState(false);
  const [isResetting, setResetting] = useState(false);
  const isChanged = JSON.stringify(parts) !== JSON.stringify(template.parts);
  const canEdit = may('outreach:update');
  const edit = (next: Parts) => {
    setParts(next);
    keepParts(localStorage, storeKey, next, template.parts);
  };
  const save = api.useMutation('put', '/api/v1/templates/{kind}/{name}', {
    onSuccess: (saved) => {
      keepParts(localStorage, storeKey, template.parts, template.parts);
      refreshTemplates();
      showToast(
        saved.is_new
          ? `Version ${saved.version} is saved. Campaigns that use it wait for a new approval.`
          : 'It equals the newest version: nothing had to be saved.',
      );
      onOpen({ version: undefined });
    },
  });
  const undo = () => {
    const before = parts;
    edit(template.parts);
    showToast('Your changes are taken back.', { undo: () => edit(before) });
  };
  return (
    <>
      <Card
        title={`${name} · ${kindName(kind)}`}
        actions={
          <>
            {canEdit && (
              <Button size="small" icon={<Copy size={14} />} onClick={() => setCopying(true)}>
                Save as…
              </Button>
            )}
            {canEdit && template.source === 'own' && (
              <Button size="small" icon={<RotateCcw size={14} />} onClick={() => setResetting(true)}>
                Remove yours…
              </Button>
            )}
          </>
        }
      >
        <div className="stack">
          <p className="small muted">
            <Badge tone={template.source === 'own' ? 'info' : 'neutral'}>
              {template.source === 'own' ? `Yours, version ${template.version}` : 'The product’s'}
            </Badge>{' '}
            {template.created_at && `By ${template.created_by ?? 'somebody'}, ${formatMoment(template.created_at)}. `}
            {version !== undefined && 'An older version: save it to make it count again. '}
            {isChanged && 'Your changes are kept on this device until you save them.'}
          </p>
          <PartTexts kind={kind} parts={parts} error={save.error} isReadOnly={!canEdit} onChange={edit} />
          <div className={styles.actions}>
            <Button icon={<Eye size={16} />} onClick={() => setShown(parts)}>
              {shown === null || shown === parts ? 'Preview' : 'Preview the changes'}
            </Button>
            {canEdit && (
              <Button
                variant="primary"
                icon={<Save size={16} />}
                busy={save.isPending}
                disabled={!isChanged && version === undefined}
                onClick={() => save.mutate({ params: { path: { kind, name } }, body: { parts } })}
              >
                Save as new version
              </Button>
            )}
            {isChanged && (
              <Button variant="quiet" onClick={undo}>
                Take changes back
              </Button>
            )}
          </div>
        </div>
      </Card>
      <TemplatePreview
        kind={kind}
        name={name}
        parts={shown ?? template.parts}
        isOwnText={shown !== null && shown !== template.parts}
      />
      {kind !== 'memo' && <FieldHelp />}
      <TemplateVersions kind={kind} name={name} shown={template.version} onOpen={(next) => onOpen({ version: next })} />
      {isCopying && (
        <CopyDialog kind={kind} name={name} parts={parts} onClose={() => setCopying(false)} onOpen={onOpen} />
      )}
      {isResetting && <ResetDialog kind={kind} name={name} onClose={() => setResetting(false)} onOpen={onOpen} />}
    </>
  );
}

function PartTexts({
  kind,
  parts,
  error,
  isReadOnly,
  onChange,
}: {
  kind: TemplateKind;
  parts: Parts;
  error: unknown;
  isReadOnly: boolean;
  onChange: (parts: Parts) => void;
}) {
  const all = partsOfKind(kind, parts);
  const [chosen, choose] = useState(all[0]?.part ?? '');
  const text = useRef<HTMLTextAreaElement>(null);
  const place = error ? placeOf(messageOf(error), parts) : null;
  const wrong = place?.part ?? null;
  const line = place?.line ?? null;
  useEffect(() => {
    if (error && wrong !== null) choose(wrong);
  }, [error, wrong]);
  const part = all.find((one) => one.part === chosen) ?? all[0];
  const showLine = () => {
    if (line === null || text.current === null) return;
    text.current.focus();
    text.current.setSelectionRange(...rangeOfLine(text.current.value, line));
    text.current.scrollTop = Math.max(0, (line - 4) * 19);
  };
  if (part === undefined) return null;
  const value = parts[part.part] ?? '';
  return (
    <div className="stack">
      {place && (
        <div role="alert" className={styles.problem}>
          <strong>It cannot be used yet.</strong> {place.text}
          <div className="row small">
            {place.part && <span>Part: {all.find((one) => one.part === place.part)?.name ?? place.part}</span>}
            {place.field && <span>Field: {place.field}</span>}
            {line !== null && (
              <Button size="small" onClick={showLine}>
                Go to line {line}
              </Button>
            )}
          </div>
        </div>
      )}
      {all.length > 1 && (
        <fieldset className={styles.parts}>
          <legend className="visually-hidden">Part of the template</legend>
          {all.map((one) => (
            <Button key={one.part} size="small" aria-pressed={one.part === part.part} onClick={() => choose(one.part)}>
              {one.name}
            </Button>
          ))}
        </fieldset>
      )}
      <label className="stack">
        <span>
          <strong>{part.name}</strong> <span className="small muted">{part.about}</span>
        </span>
        <textarea
          ref={text}
          className={styles.text}
          rows={part.part === 'subject.txt' ? 2 : part.part === 'sms.txt' ? 5 : 18}
          spellCheck={part.part.endsWith('txt')}
          readOnly={isReadOnly}
          value={value}
          aria-invalid={wrong === part.part || undefined}
          onChange={({ target }) => onChange({ ...parts, [part.part]: target.value })}
        />
      </label>
      <p className="small muted">
        {value.length.toLocaleString('en-US')} characters, {value.split('\n').length} lines
      </p>
    </div>
  );
}

function CopyDialog({
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
  onOpen: EditorProps['onOpen'];
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

function ResetDialog({
  kind,
  name,
  onClose,
  onOpen,
}: {
  kind: TemplateKind;
  name: string;
  onClose: () => void;
  onOpen: EditorProps['onOpen'];
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
