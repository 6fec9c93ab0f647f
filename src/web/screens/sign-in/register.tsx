import { Link, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { beginSession, plainClient, useSession } from '../../app/session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormMessage } from './form-message.tsx';
import { Gate } from './gate.tsx';
import { PasswordField } from './password-field.tsx';
import { useSubmitForm } from './submit-form.ts';

// Kept outside the component: with the new person everything on the page begins anew.
let isRegistering = false;

/** A new organisation with its first person, who goes on to the guided start. */
export function RegisterScreen() {
  const isSignedIn = useSession() !== null;
  const router = useRouter();
  const [form, setForm] = useState({ organization_name: '', name: '', email: '', password: '' });
  const change = (field: keyof typeof form) => (value: string) => setForm((was) => ({ ...was, [field]: value }));
  const { onSubmit, isBusy, fields, message } = useSubmitForm(async () => {
    const session = await take(plainClient.POST('/api/v1/auth/register', { body: form }));
    isRegistering = true;
    beginSession(session);
    await router.navigate({ to: '/start', replace: true });
    isRegistering = false;
  }, Object.keys(form));
  useEffect(() => {
    if (isSignedIn && !isRegistering) void router.navigate({ to: '/', replace: true });
  }, [isSignedIn, router]);
  return (
    <Gate title="Make an organisation">
      <form className="stack" onSubmit={onSubmit}>
        <TextField
          label="Organisation"
          hint="Your company or team. You are its first administrator and can invite others later."
          autoComplete="organization"
          required
          maxLength={120}
          value={form.organization_name}
          error={fields.organization_name}
          onChange={(event) => change('organization_name')(event.target.value)}
        />
        <TextField
          label="Your name"
          autoComplete="name"
          required
          maxLength={120}
          value={form.name}
          error={fields.name}
          onChange={(event) => change('name')(event.target.value)}
        />
        <TextField
          label="E-mail address"
          type="email"
          autoComplete="username"
          hint="You sign in with it. A link for a forgotten password is mailed to it."
          required
          maxLength={254}
          value={form.email}
          error={fields.email}
          onChange={(event) => change('email')(event.target.value)}
        />
        <PasswordField
          label="Password"
          kind="new"
          value={form.password}
          own={[form.email, form.name, form.organization_name]}
          error={fields.password}
          onChange={change('password')}
        />
        <FormMessage text={message} />
        <Button type="submit" variant="primary" busy={isBusy}>
          Make the organisation
        </Button>
      </form>
      <p className="muted">
        The free plan holds 100 new properties a month and asks for no payment.{' '}
        <Link to="/sign-in">Sign in instead</Link>
      </p>
    </Gate>
  );
}
