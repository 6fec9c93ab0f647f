import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { ApiProblem } from '../../../sdk/problem.ts';
import { plainClient } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormMessage } from './form-message.tsx';
import { Gate } from './gate.tsx';
import { PasswordField } from './password-field.tsx';
import { useSubmitForm } from './submit-form.ts';

/** A way back for who forgot the password: asking for a link, and what that link opens. */
export function ResetPasswordScreen() {
  const { token } = useSearch({ strict: false }) as { token?: unknown };
  const isLink = typeof token === 'string' && token !== '';
  return (
    <Gate title={isLink ? 'Choose a new password' : 'Forgot your password?'}>
      {isLink ? <NewPasswordForm token={token} /> : <AskForm />}
    </Gate>
  );
}

function AskForm() {
  const [email, setEmail] = useState('');
  const [asked, setAsked] = useState<string>();
  const { onSubmit, isBusy, fields, message } = useSubmitForm(async () => {
    await take(plainClient.POST('/api/v1/auth/forgot-password', { body: { email } }));
    setAsked(email);
  }, ['email']);
  if (asked !== undefined) {
    return (
      <div className="stack">
        <p role="status">
          If {asked} belongs to somebody here, a mail with a link is on its way. It comes within five minutes and works
          once, for an hour.
        </p>
        <p className="muted">No mail? An administrator of your organisation can give you a link, too.</p>
        <Link to="/sign-in">Back to sign-in</Link>
      </div>
    );
  }
  return (
    <form className="stack" onSubmit={onSubmit}>
      <p className="muted">A link that sets a new password is mailed to you. Until you use it, nothing changes.</p>
      <TextField
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        value={email}
        error={fields.email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <FormMessage text={message} />
      <Button type="submit" variant="primary" busy={isBusy}>
        Mail me a link
      </Button>
      <Link to="/sign-in">Sign in instead</Link>
    </form>
  );
}

function NewPasswordForm({ token }: { token: string }) {
  const [password, setPassword] = useState('');
  const [isDone, setDone] = useState(false);
  const { onSubmit, isBusy, fields, message, error } = useSubmitForm(async () => {
    await take(plainClient.POST('/api/v1/auth/reset-password', { body: { token, password } }));
    setDone(true);
  }, ['password']);
  if (isDone) {
    return (
      <div className="stack">
        <p role="status">Your password is changed, and every session of yours has ended.</p>
        <Link to="/sign-in">Sign in with it</Link>
      </div>
    );
  }
  const isGone = error instanceof ApiProblem && error.status === 401;
  return (
    <form className="stack" onSubmit={onSubmit}>
      <PasswordField
        label="New password"
        kind="new"
        value={password}
        error={fields.password}
        autoFocus
        onChange={setPassword}
      />
      <FormMessage text={isGone ? 'This link works no more: it works once, for an hour.' : message} />
      {isGone && (
        <Link to="/reset-password" search={{}}>
          Ask for a new link
        </Link>
      )}
      <Button type="submit" variant="primary" busy={isBusy}>
        Change the password
      </Button>
    </form>
  );
}
