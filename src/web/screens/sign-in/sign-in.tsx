import { Link, Navigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiProblem } from '../../../sdk/problem.ts';
import { signIn, useSession } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { Gate } from './gate.tsx';

/** Signing in with address and password. */
export function SignInScreen() {
  if (useSession() !== null) return <Navigate to="/" />;
  return (
    <Gate title="Sign in">
      <SignInForm />
      <p className="muted">
        New here? <Link to="/register">Make an organisation</Link>
      </p>
    </Gate>
  );
}

/** The form alone, as the screen and the dialog over a screen have it. */
export function SignInForm({ email: known = '' }: { email?: string }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [tenant, setTenant] = useState('');
  const [needsTenant, setNeedsTenant] = useState(false);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await signIn(email, password, tenant);
    } catch (problem) {
      // The same address may belong to several organisations: which one is asked only then.
      if (problem instanceof ApiProblem && (problem.field === 'tenant' || problem.status === 409)) setNeedsTenant(true);
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {needsTenant && (
        <TextField
          label="Organisation"
          hint="Its short name, as in your invitation"
          required
          value={tenant}
          onChange={(event) => setTenant(event.target.value)}
        />
      )}
      {error !== undefined && (
        <p role="alert" className="error-text">
          {messageOf(error)}
        </p>
      )}
      <Button type="submit" variant="primary" busy={isBusy}>
        Sign in
      </Button>
    </form>
  );
}
