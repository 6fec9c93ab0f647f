import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { ApiProblem } from '../../../sdk/problem.ts';
import { beginSession, endSession, plainClient, useSession } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormMessage } from './form-message.tsx';
import { Gate } from './gate.tsx';
import { PasswordField } from './password-field.tsx';
import { useSubmitForm } from './submit-form.ts';

/** Joining an organisation by the link that one of its administrators gave. */
export function AcceptInvitationScreen() {
  const { token } = useSearch({ strict: false }) as { token?: unknown };
  const present = useSession();
  if (typeof token !== 'string' || token === '') {
    return (
      <Gate title="Join an organisation">
        <p>The link is not whole: it ends before the invitation’s token. Open it again as it was given to you.</p>
        <Link to="/sign-in">Sign in instead</Link>
      </Gate>
    );
  }
  if (present !== null && !isJoining) {
    const { name, email } = present.session.user;
    return (
      <Gate title="Join an organisation">
        <p>
          {name} ({email}) is signed in here. The invitation makes a user of its own: sign out first, then join.
        </p>
        <div className="row">
          <Button variant="primary" onClick={() => void endSession()}>
            Sign out and go on
          </Button>
          <Link to="/">Back to the dashboard</Link>
        </div>
      </Gate>
    );
  }
  return (
    <Gate title="Join an organisation">
      <JoinForm token={token} />
    </Gate>
  );
}

// Kept outside the component: with the new person everything on the page begins anew.
let isJoining = false;

function JoinForm({ token }: { token: string }) {
  const router = useRouter();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { onSubmit, isBusy, fields, message, error } = useSubmitForm(async () => {
    const session = await take(plainClient.POST('/api/v1/auth/accept-invitation', { body: { token, name, password } }));
    isJoining = true;
    beginSession(session);
    await router.navigate({ to: '/', replace: true });
    isJoining = false;
  }, ['name', 'password']);
  const isGone = error instanceof ApiProblem && error.status === 401;
  return (
    <form className="stack" onSubmit={onSubmit}>
      <p className="muted">You were invited with your e-mail address. Choose how you are called, and a password.</p>
      <TextField
        label="Your name"
        autoComplete="name"
        required
        maxLength={120}
        value={name}
        error={fields.name}
        onChange={(event) => setName(event.target.value)}
      />
      <PasswordField
        label="Password"
        kind="new"
        value={password}
        own={[name]}
        error={fields.password}
        onChange={setPassword}
      />
      <FormMessage text={message} />
      {isGone && <Link to="/sign-in">Joined already? Sign in</Link>}
      <Button type="submit" variant="primary" busy={isBusy}>
        Join
      </Button>
    </form>
  );
}
