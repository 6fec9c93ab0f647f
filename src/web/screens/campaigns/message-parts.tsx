import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { MailPreview } from '../../ui/mail-preview.tsx';
import styles from './message.module.css';

/** A message in its parts: `html` and `text` of an e-mail, `body` of a text, `front` and `back` of a postcard. */
export interface MessageParts {
  subject?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  html?: string | null | undefined;
  text?: string | null | undefined;
  body?: string | undefined;
  front?: string | undefined;
  back?: string | undefined;
}

interface View {
  id: string;
  name: string;
}

/** A message as its recipient sees it; an e-mail also as those see it whose program shows text alone. */
export function MessageView({
  parts,
  label,
  isPaper = false,
}: {
  parts: MessageParts;
  label: string;
  isPaper?: boolean;
}) {
  const views = viewsOf(parts);
  const [chosen, choose] = useState<string | undefined>();
  const view = views.find(({ id }) => id === chosen) ?? views[0];
  const heads = [
    ['From', parts.from],
    ['To', parts.to],
    ['Subject', parts.subject],
  ].flatMap(([name, value]) => (name && value ? [[name, value] as const] : []));
  return (
    <div className={styles.message}>
      {heads.length > 0 && (
        <dl className={styles.heads}>
          {heads.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {views.length > 1 && (
        <fieldset className={styles.views}>
          <legend className="visually-hidden">How it is shown</legend>
          {views.map(({ id, name }) => (
            <Button key={id} size="small" aria-pressed={id === view?.id} onClick={() => choose(id)}>
              {name}
            </Button>
          ))}
        </fieldset>
      )}
      {view === undefined && <p className="muted">The message has no content that can be shown.</p>}
      {view?.id === 'html' && <MailPreview label={label} html={parts.html ?? ''} isPaper={isPaper} />}
      {view?.id === 'front' && <MailPreview label={`${label}, front`} html={parts.front ?? ''} isPaper />}
      {view?.id === 'back' && <MailPreview label={`${label}, back`} html={parts.back ?? ''} isPaper />}
      {view?.id === 'text' && <pre className={styles.plain}>{parts.text}</pre>}
      {view?.id === 'body' && (
        <div className={styles.phone}>
          <p className={styles.bubble}>{parts.body}</p>
          <p className="small muted">{textLength(parts.body ?? '')}</p>
        </div>
      )}
    </div>
  );
}

function viewsOf(parts: MessageParts): View[] {
  const views: View[] = [
    { id: 'html', name: 'As e-mail' },
    { id: 'text', name: 'As text alone' },
    { id: 'body', name: 'Text message' },
    { id: 'front', name: 'Front' },
    { id: 'back', name: 'Back' },
  ];
  return views.filter(({ id }) => parts[id as keyof MessageParts]);
}

function textLength(body: string): string {
  return `${body.length} characters`;
}
