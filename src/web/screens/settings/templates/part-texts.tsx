import { useEffect, useRef, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { messageOf } from '../../../ui/states.tsx';
import { partsOfKind, placeOf, rangeOfLine, type TemplateKind } from './template-parts.ts';
import styles from './templates.module.css';

type Parts = Readonly<Record<string, string>>;

/** The texts of a template, one part at a time; what the server refuses is told with its part and line. */
export function PartTexts({
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
