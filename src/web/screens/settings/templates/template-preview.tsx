import { useState } from 'react';
import { api } from '../../../app/api.ts';
import { Badge } from '../../../ui/badge.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { Card } from '../../../ui/page.tsx';
import { Loading, messageOf } from '../../../ui/states.tsx';
import { MessageView } from '../../campaigns/message-parts.tsx';
import { partsOf } from '../../campaigns/step-previews.tsx';
import { placeOf, type TemplateKind } from './template-parts.ts';
import styles from './templates.module.css';

/** The template filled with an invented property and recipient; what is typed but not saved too. */
export function TemplatePreview({
  kind,
  name,
  parts,
  isOwnText,
}: {
  kind: TemplateKind;
  name: string;
  parts: Readonly<Record<string, string>>;
  isOwnText: boolean;
}) {
  const [audience, setAudience] = useState<'investor' | 'owner'>(name.startsWith('owner') ? 'owner' : 'investor');
  // A question that is asked by POST, and kept like any other answer.
  const query = api.useQuery(
    'post',
    '/api/v1/templates/{kind}/{name}/preview',
    { params: { path: { kind, name } }, body: { parts, ...(kind !== 'memo' && { audience }) } },
    { staleTime: 60_000 },
  );
  const place = query.error ? placeOf(messageOf(query.error), parts) : null;
  const isPaper = kind === 'letter' || kind === 'postcard' || kind === 'memo';
  return (
    <Card
      title="Preview"
      actions={<Badge tone={isOwnText ? 'warn' : 'neutral'}>{isOwnText ? 'Not saved yet' : 'As it is saved'}</Badge>}
    >
      <div className="stack">
        {kind !== 'memo' && (
          <div className={styles.narrow}>
            <SelectField
              label="Written to"
              value={audience}
              hint="Invented names and figures."
              onChange={({ target }) => setAudience(target.value as 'investor' | 'owner')}
            >
              <option value="investor">An investor</option>
              <option value="owner">An owner</option>
            </SelectField>
          </div>
        )}
        {place ? (
          <p role="alert" className={styles.problem}>
            <strong>It cannot be filled.</strong> {place.text}
          </p>
        ) : query.data === undefined ? (
          <Loading label="Filling the template" />
        ) : (
          <MessageView parts={partsOf(query.data.parts)} label={`Template ${name}`} isPaper={isPaper} />
        )}
      </div>
    </Card>
  );
}
