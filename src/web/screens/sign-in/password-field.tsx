import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import fieldStyles from '../../ui/field.module.css';
import { Field } from '../../ui/field.tsx';
import styles from './password-field.module.css';
import { strengthOf } from './password-strength.ts';

interface PasswordFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** `new`: a password is chosen here, and how good it is is said. */
  kind: 'present' | 'new';
  /** The person's own words, which a new password should not hold. */
  own?: readonly string[];
  error?: string | undefined;
  autoFocus?: boolean;
}

/** A password that can be looked at, and of a new one how good it is. */
export function PasswordField({ label, value, onChange, kind, own, error, autoFocus }: PasswordFieldProps) {
  const [isShown, setShown] = useState(false);
  const isNew = kind === 'new';
  const hint = isNew
    ? 'At least 12 characters. Four or five words that have nothing to do with each other are best.'
    : undefined;
  return (
    <div className={styles.password}>
      <Field label={label} hint={hint} error={error}>
        {(wiring) => (
          <div className={styles.line}>
            <input
              className={fieldStyles.control}
              type={isShown ? 'text' : 'password'}
              autoComplete={isNew ? 'new-password' : 'current-password'}
              autoCapitalize="none"
              spellCheck={false}
              required
              minLength={isNew ? 12 : undefined}
              maxLength={200}
              // biome-ignore lint/a11y/noAutofocus: the one thing to fill in, in a dialog that was just opened
              autoFocus={autoFocus}
              value={value}
              onChange={(event) => onChange(event.target.value)}
              {...wiring}
            />
            <Button
              variant="quiet"
              size="small"
              className={styles.eye}
              aria-label={isShown ? `Hide ${label.toLowerCase()}` : `Show ${label.toLowerCase()}`}
              aria-pressed={isShown}
              icon={isShown ? <EyeOff size={16} /> : <Eye size={16} />}
              onClick={() => setShown(!isShown)}
            />
          </div>
        )}
      </Field>
      {isNew && value !== '' && <Strength password={value} own={own} />}
    </div>
  );
}

function Strength({ password, own }: { password: string; own: readonly string[] | undefined }) {
  const { level, text } = strengthOf(password, own);
  return (
    <p className={styles.strength} data-level={level} role="status">
      <span className={styles.bars} aria-hidden="true">
        {[1, 2, 3, 4].map((one) => (
          <span key={one} data-on={one <= level || undefined} />
        ))}
      </span>
      {text}
    </p>
  );
}
