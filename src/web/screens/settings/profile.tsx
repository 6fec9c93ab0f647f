import { useState } from 'react';
import { api, client } from '../../app/api.ts';
import { useMe } from '../../app/permissions.ts';
import { forgetAnswers, queryClient } from '../../app/query.tsx';
import { endSession, readSession, renameUser, signIn, type User } from '../../app/session.ts';
import { type Theme, useTheme } from '../../app/theme.ts';
import { formatMoment, humanise } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card, Facts } from '../../ui/page.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { FormMessage } from '../sign-in/form-message.tsx';
import { PasswordField } from '../sign-in/password-field.tsx';
import { useSubmitForm } from '../sign-in/submit-form.ts';
import styles from './people.module.css';
import { ROLE_WORDS } from './roles.ts';
import { SettingsPage } from './settings-page.tsx';

/** The own account: name, password, how the dashboard looks, and where one is signed in. */
export function ProfileScreen() {
  const me = useMe();
  return (
    <SettingsPage title="Profile" about="Your own account in this organisation.">
      <QueryView query={me} label="Loading your account" lines={6}>
        {({ user, tenant }) =>
          user === null ? null : (
            <div className="grid">
              <Card title="You">
                <div className="stack">
                  <Facts
                    facts={[
                      ['E-mail address', user.email],
                      ['Organisation', tenant.name],
                      ['Role', `${humanise(user.role)}: ${ROLE_WORDS[user.role]}`],
                      [
                        'Last signed in',
                        user.last_login_at === null ? 'For the first time' : formatMoment(user.last_login_at),
                      ],
                    ]}
                  />
                  <NameForm user={user} />
                </div>
              </Card>
              <Card title="Password">
                <PasswordForm user={user} />
              </Card>
              <div className="stack">
                <Card title="How it looks">
                  <ThemeChoice />
                </Card>
                <Card title="Sessions">
                  <Sessions userId={user.id} />
                </Card>
              </div>
            </div>
          )
        }
      </QueryView>
    </SettingsPage>
  );
}

function NameForm({ user }: { user: User }) {
  const [name, setName] = useState(user.name);
  const { onSubmit, isBusy, fields, message } = useSubmitForm(async () => {
    const { data } = await client.PUT('/api/v1/users/me/name', { body: { name } });
    if (data === undefined) return;
    renameUser(data);
    await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/auth/me'] });
    showToast(`You are ${data.name} now.`);
  }, ['name']);
  return (
    <form className={styles.line} onSubmit={onSubmit}>
      <TextField
        label="Your name"
        autoComplete="name"
        required
        maxLength={120}
        value={name}
        error={fields.name}
        onChange={({ target }) => setName(target.value)}
      />
      <Button type="submit" busy={isBusy} disabled={name.trim() === user.name}>
        Save
      </Button>
      <FormMessage text={message} />
    </form>
  );
}

function PasswordForm({ user }: { user: User }) {
  const { data: me } = useMe();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const { onSubmit, isBusy, fields, message } = useSubmitForm(async () => {
    await client.PUT('/api/v1/users/me/password', { body: { current_password: current, new_password: next } });
    // The change ends every session, this one too: the person goes on with the new password at once.
    await signIn(user.email, next, me?.tenant.slug);
    setCurrent('');
    setNext('');
    showToast('The password is changed. Everywhere else you are signed out.');
  }, ['current_password', 'new_password']);
  return (
    <form className="stack" onSubmit={onSubmit}>
      <input type="hidden" name="username" autoComplete="username" value={user.email} readOnly />
      <PasswordField
        label="Present password"
        kind="present"
        value={current}
        error={fields.current_password}
        onChange={setCurrent}
      />
      <PasswordField
        label="New password"
        kind="new"
        value={next}
        own={[user.email, user.name]}
        error={fields.new_password}
        onChange={setNext}
      />
      <FormMessage text={message} />
      <div className="row">
        <Button type="submit" variant="primary" busy={isBusy}>
          Change password
        </Button>
        <span className="small muted">Everywhere else you are signed out by it.</span>
      </div>
    </form>
  );
}

const THEMES: ReadonlyArray<{ theme: Theme; text: string }> = [
  { theme: 'system', text: 'As the system' },
  { theme: 'light', text: 'Light' },
  { theme: 'dark', text: 'Dark' },
];

function ThemeChoice() {
  const [chosen, choose] = useTheme();
  return (
    <fieldset className={styles.choices}>
      <legend>Theme on this device</legend>
      {THEMES.map(({ theme, text }) => (
        <label key={theme}>
          <input type="radio" name="theme" checked={chosen === theme} onChange={() => choose(theme)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

function Sessions({ userId }: { userId: string }) {
  const [isAsking, setAsking] = useState(false);
  const end = api.useMutation('delete', '/api/v1/users/me/sessions', {
    onSuccess: async () => {
      await endSession();
      await forgetAnswers(userId);
    },
  });
  const until = readSession()?.session.expiresAt;
  return (
    <div className="stack">
      <p>
        This device stays signed in for 7 days after you last used it
        {until === undefined ? '' : `; its present token ends ${formatMoment(until)} and is renewed by itself`}.
      </p>
      <p className="muted">A lost device, or a stranger’s computer? End every session, this one too.</p>
      <div className="row">
        <Button variant="danger" onClick={() => setAsking(true)}>
          Sign out everywhere
        </Button>
      </div>
      {isAsking && (
        <ConfirmDialog
          title="Sign out everywhere?"
          confirmLabel="Sign out everywhere"
          isDangerous
          busy={end.isPending}
          error={end.isError ? messageOf(end.error) : undefined}
          onConfirm={() => end.mutate({})}
          onClose={() => setAsking(false)}
        >
          <p>Every device and tab has to sign in again with your password. API keys go on working.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
