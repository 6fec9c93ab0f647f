import { ArrowLeft, SquarePen } from 'lucide-react';
import { api, type Schemas } from '../../app/api.ts';
import { formatDay } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { textOf, useAddress } from '../campaigns/use-address.ts';
import { useNarrow } from '../campaigns/use-narrow.ts';
import { SettingsPage } from './settings-page.tsx';
import { TemplateEditor } from './templates/template-editor.tsx';
import { kindName, TEMPLATE_KINDS, type TemplateKind } from './templates/template-parts.ts';
import styles from './templates/templates.module.css';

type Summary = Schemas['TemplateSummary'];

/** Every template that counts now; one is open beside the list: its texts, versions, and how it looks. */
export function TemplatesScreen() {
  const [search, change] = useAddress();
  const isNarrow = useNarrow();
  const query = api.useQuery('get', '/api/v1/templates');
  const kind = TEMPLATE_KINDS.find((one) => one === search['kind']);
  const name = textOf(search['name']);
  const version = Number(textOf(search['version'])) || undefined;
  const open = (next: { kind: TemplateKind; name: string }) => change({ ...next, version: undefined });
  return (
    <SettingsPage
      title="Templates"
      about="What memos, e-mails, text messages, letters and postcards say. Yours stand before the product’s."
    >
      <div className={styles.columns}>
        {isNarrow && kind && name ? (
          <Button
            icon={<ArrowLeft size={16} />}
            onClick={() => change({ kind: undefined, name: undefined, version: undefined })}
          >
            All templates
          </Button>
        ) : (
          <Card title="All templates" isFlush>
            <QueryView query={query} label="Loading templates">
              {({ items }) => <TemplateList items={items} kind={kind} name={name} onOpen={open} />}
            </QueryView>
          </Card>
        )}
        {kind && name ? (
          <TemplateEditor
            key={`${kind} ${name} ${version ?? ''}`}
            kind={kind}
            name={name}
            version={version}
            onOpen={(next) => change({ version: undefined, ...next })}
          />
        ) : (
          <Card>
            <EmptyState title="Choose a template">
              Each opens with its texts and a preview with an invented recipient. The product’s own stay as they are:
              what you save is a version of yours.
            </EmptyState>
          </Card>
        )}
      </div>
    </SettingsPage>
  );
}

function TemplateList({
  items,
  kind,
  name,
  onOpen,
}: {
  items: readonly Summary[];
  kind: TemplateKind | undefined;
  name: string | undefined;
  onOpen: (next: { kind: TemplateKind; name: string }) => void;
}) {
  return TEMPLATE_KINDS.map((group) => {
    const own = items.filter((one) => one.kind === group);
    if (own.length === 0) return null;
    return (
      <section key={group} className={styles.group}>
        <h3>{kindName(group)}</h3>
        <ul>
          {own.map((one) => (
            <li key={one.name}>
              <button
                type="button"
                className={styles.item}
                aria-current={one.kind === kind && one.name === name ? 'true' : undefined}
                onClick={() => onOpen({ kind: group, name: one.name })}
              >
                <SquarePen size={14} aria-hidden="true" />
                <span className="grow cut">{one.name}</span>
                {one.source === 'own' ? (
                  <Badge tone="info" title={`Changed by ${one.created_by ?? 'somebody'}, ${formatDay(one.created_at)}`}>
                    Yours, v{one.version}
                  </Badge>
                ) : (
                  <span className="small muted">Product’s</span>
                )}
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
