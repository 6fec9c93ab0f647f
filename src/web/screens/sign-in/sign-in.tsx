import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { signIn, useSession } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { FormMessage } from './form-message.tsx';
import { Gate } from './gate.tsx';
import { nextAddress, organisationsOf } from './organisations.ts';
import { PasswordField } from './password-field.tsx';
import { useSubmitForm } from './submit-form.ts';

/** Signing in with address and password. */
export function SignInScreen() {
  const isSignedIn = useSession() !== null;
  const { next } = useSearch({ strict: false }) as { next?: unknown };
  const navigate = useNavigate();
  useEffect(() => {
    if (isSignedIn) void navigate({ href: nextAddress(next), replace: true });
  }, [isSignedIn, next, navigate]);
  return (
    <Gate title="Sign in">
      <SignInForm />
      <Link to="/reset-password" search={{}}>
        Forgot your password?
      </Link>
      <p className="muted">
        New here? <Link to="/register">Make an organisation</Link>. Somebody invited you? Open the link that was mailed
        or given to you.
      </p>
    </Gate>
  );
}

/** The form alone, as the screen and the dialog over a screen have it. */
export function SignInForm({ email: known = '' }: { email?: string | undefined }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [tenant, setTenant] = useState('');
  const [organisations, setOrganisations] = useState<string[]>();
  const { onSubmit, isBusy, fields, message } = useSubmitForm(async () => {
    try {
      await signIn(email, password, tenant);
    } catch (problem) {
      // The same address and password may fit in several organisations: which one is asked only then.
      const names = organisationsOf(problem);
      if (names === undefined) throw problem;
      setOrganisations(names);
      if (tenant !== '') throw problem;
      setTenant(names[0] ?? '');
    }
  }, ['email']);
  return (
    <form className="stack" onSubmit={onSubmit}>
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        value={email}
        error={fields.email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField label="Password" kind="present" value={password} onChange={setPassword} autoFocus={known !== ''} />
      {organisations && <OrganisationField names={organisations} value={tenant} onChange={setTenant} />}
      <FormMessage text={message} />
      <Button type="submit" variant="primary" busy={isBusy}>
        {organisations ? 'Sign in there' : 'Sign in'}
      </Button>
    </form>
  );
}

interface OrganisationFieldProps {
  names: readonly string[];
  value: string;
  onChange: (name: string) => void;
}

function OrganisationField({ names, value, onChange }: OrganisationFieldProps) {
  const hint = 'You belong to several organisations with this address. Which one now?';
  if (names.length === 0) {
    return (
      <TextField
        label="Organisation"
        hint={hint}
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <SelectField label="Organisation" hint={hint} value={value} onChange={(event) => onChange(event.target.value)}>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </SelectField>
  );
}
