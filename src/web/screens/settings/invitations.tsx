import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { ROLES, type Role } from '../../../domain/policy.ts';
import { take } from '../../../sdk/client.ts';
import { api, client, type Schemas } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';
import { formatAgo, formatMoment, humanise } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { FormMessage } from '../sign-in/form-message.tsx';
import { useSubmitForm } from '../sign-in/submit-form.ts';
import styles from './people.module.css';
import { invitationLink, ROLE_WORDS } from './roles.ts';
import { SecretDialog } from './secret-shown.tsx';

type Invitation = Schemas['Invitation'];

/** Inviting somebody, and the invitations that were not taken up yet. */
export function Invitations({ mayChange }: { mayChange: boolean }) {
  const [made, setMade] = useState<Schemas['NewInvitation']>();
  return (
    <Card title="Invite somebody">
      <div className="stack">
        {mayChange && <InviteForm onMade={setMade} />}
        <Pending mayChange={mayChange} />
      </div>
      {made && (
        <SecretDialog
          title={`Invitation of ${made.email}`}
          secret={invitationLink(window.location.origin, made.token)}
          about={`${made.is_mailed ? 'A mail with this link is on its way, over your e-mail channel: without a mail provider it stays in the outbox, and you give the link yourself.' : `Give this link to ${made.email}.`} Whoever has it can join as ${humanise(made.role).toLowerCase()}, once, until ${formatMoment(made.expires_at)}.`}
          onClose={() => setMade(undefined)}
        />
      )}
    </Card>
  );
}

const refresh = () => queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/invitations'] });
const invite = (email: string, role: Role) => take(client.POST('/api/v1/invitations', { body: { email, role } }));

function InviteForm({ onMade }: { onMade: (made: Schemas['NewInvitation']) => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  const { onSubmit, isBusy, fields, message } = useSubmitForm(async () => {
    onMade(await invite(email, role));
    setEmail('');
    await refresh();
  }, ['email', 'role']);
  return (
    <form className="stack" onSubmit={onSubmit}>
      <div className={styles.invite}>
        <TextField
          label="E-mail address"
          type="email"
          required
          autoComplete="off"
          value={email}
          error={fields.email}
          onChange={({ target }) => setEmail(target.value)}
        />
        <SelectField
          label="Role"
          hint={`${humanise(role)} ${ROLE_WORDS[role]}.`}
          value={role}
          error={fields.role}
          onChange={({ target }) => setRole(target.value as Role)}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {humanise(one)}
            </option>
          ))}
        </SelectField>
        <Button type="submit" variant="primary" icon={<UserPlus size={16} />} busy={isBusy}>
          Make invitation
        </Button>
      </div>
      <FormMessage text={message} />
    </form>
  );
}

function Pending({ mayChange }: { mayChange: boolean }) {
  const query = api.useQuery('get', '/api/v1/invitations', { params: { query: { limit: 200 } } });
  const revoke = async (one: Invitation) => {
    try {
      await client.DELETE('/api/v1/invitations/{id}', { params: { path: { id: one.id } } });
      await refresh();
      showToast(`The invitation of ${one.email} works no more. To invite again, make a new one.`);
    } catch (error) {
      showToast(`The invitation of ${one.email} could not be revoked: ${messageOf(error)}`, { isError: true });
    }
  };
  const columns: ReadonlyArray<SimpleColumn<Invitation>> = [
    { id: 'email', header: 'Invited', width: 200, cell: ({ email }) => email },
    { id: 'role', header: 'As', cell: ({ role }) => humanise(role) },
    {
      id: 'made',
      header: 'Made',
      width: 110,
      cell: (one) => <span title={formatMoment(one.created_at)}>{formatAgo(one.created_at)}</span>,
    },
    { id: 'ends', header: 'Works until', width: 150, cell: (one) => formatMoment(one.expires_at) },
    ...(mayChange
      ? [
          {
            id: 'revoke',
            header: 'Revoke',
            isHeaderHidden: true,
            align: 'end' as const,
            cell: (one: Invitation) => (
              <Button
                size="small"
                aria-label={`Revoke the invitation of ${one.email}`}
                onClick={() => void revoke(one)}
              >
                Revoke
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <QueryView query={query} label="Loading invitations" lines={2}>
      {({ items }) => (
        <SimpleTable
          label="Invitations that were not taken up yet"
          columns={columns}
          rows={items}
          getRowId={({ id }) => id}
          empty={<p className="muted">No invitation is open.</p>}
        />
      )}
    </QueryView>
  );
}
