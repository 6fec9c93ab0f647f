import { Copy, Eye, RotateCcw, Save } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../../app/api.ts';
import { useMay } from '../../../app/permissions.ts';
import { useSession } from '../../../app/session.ts';
import { formatMoment } from '../../../lib/format.ts';
import { Badge } from '../../../ui/badge.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/page.tsx';
import { QueryView } from '../../../ui/states.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { FieldHelp } from './field-help.tsx';
import { PartTexts } from './part-texts.tsx';
import { CopyDialog, type OpenTemplate, ResetDialog, refreshTemplates } from './template-dialogs.tsx';
import { keepParts, keptParts } from './template-draft.ts';
import { kindName, type TemplateKind } from './template-parts.ts';
import { TemplatePreview } from './template-preview.tsx';
import { TemplateVersions } from './template-versions.tsx';
import styles from './templates.module.css';

type Template = Schemas['Template'];
type Parts = Readonly<Record<string, string>>;

interface EditorProps {
  kind: TemplateKind;
  name: string;
  version: number | undefined;
  onOpen: OpenTemplate;
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
    setShown(null);
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
