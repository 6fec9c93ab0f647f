import { type FormEvent, useState } from 'react';
import { api } from '../../app/api.ts';
import { useMe } from '../../app/permissions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckboxField, SelectField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { expiryAfter, scopeGroups } from './scopes.ts';
import styles from './settings.module.css';

interface NewKeyDialogProps {
  onMade: (made: { name: string; key: string }) => void;
  onClose: () => void;
}

const LIVES: ReadonlyArray<[string, number | null]> = [
  ['30 days', 30],
  ['90 days', 90],
  ['One year', 365],
  ['No end', null],
];

/** Makes a key with the scopes that its program needs. */
export function NewKeyDialog({ onMade, onClose }: NewKeyDialogProps) {
  const { data: me } = useMe();
  const [name, setName] = useState('');
  const [life, setLife] = useState('90 days');
  const [scopes, setScopes] = useState<ReadonlySet<string>>(new Set(['properties:read']));
  const make = api.useMutation('post', '/api/v1/api-keys', { onSuccess: onMade });
  const toggle = (scope: string, isOn: boolean) => {
    const next = new Set(scopes);
    if (isOn) next.add(scope);
    else next.delete(scope);
    setScopes(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (scopes.size === 0) return;
    const days = LIVES.find(([text]) => text === life)?.[1] ?? null;
    const body = { name: name.trim(), scopes: [...scopes] as never, expires_at: expiryAfter(days) };
    make.mutate({ body });
  };
  return (
    <Dialog
      title="New API key"
      size="wide"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="new-key" disabled={scopes.size === 0} busy={make.isPending}>
            Make key
          </Button>
        </>
      }
    >
      <form id="new-key" className="stack" onSubmit={submit}>
        <div className={styles.pair}>
          <TextField
            label="Name"
            hint="The program that will use it"
            required
            maxLength={120}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <SelectField label="Works for" value={life} onChange={({ target }) => setLife(target.value)}>
            {LIVES.map(([text]) => (
              <option key={text}>{text}</option>
            ))}
          </SelectField>
        </div>
        <fieldset className={styles.scopes}>
          <legend>What it may do</legend>
          <p className="small muted">
            Choose no more than the program needs. Whoever may change a thing may also read it. What your own role may
            not do cannot be chosen.
          </p>
          <div className={styles.scopeGrid}>
            {scopeGroups(me?.permissions ?? []).map((group) => (
              <fieldset key={group.noun} className={styles.scopeGroup}>
                <legend>{group.name}</legend>
                {group.verbs.map(({ scope, verb, isGrantable }) => (
                  <CheckboxField
                    key={scope}
                    label={verb}
                    checked={scopes.has(scope)}
                    disabled={!isGrantable}
                    onChange={({ target }) => toggle(scope, target.checked)}
                  />
                ))}
              </fieldset>
            ))}
          </div>
          {scopes.size === 0 && <p className="error-text">Choose at least one.</p>}
        </fieldset>
        {make.error && (
          <p role="alert" className="error-text">
            {messageOf(make.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
