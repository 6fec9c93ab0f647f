import { ROLES } from '../../../domain/policy.ts';
import { useMay } from '../../app/permissions.ts';
import { humanise } from '../../lib/format.ts';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { NoPermission } from '../../ui/states.tsx';
import { Invitations } from './invitations.tsx';
import styles from './people.module.css';
import { type Right, ROLE_WORDS, rightsOf } from './roles.ts';
import { SettingsPage } from './settings-page.tsx';
import { UserList } from './user-list.tsx';

/** The organisation's people: who they are, what each role may do, and who is invited. */
export function UsersScreen() {
  const may = useMay();
  if (!may('users:read')) {
    return (
      <SettingsPage title="Users">
        <NoPermission what="the users" needs="users:read" />
      </SettingsPage>
    );
  }
  return (
    <SettingsPage title="Users" about="Who works here, and what each of them may do.">
      <Invitations mayChange={may('users:update')} />
      <UserList mayChange={may('users:update')} />
      <Roles />
    </SettingsPage>
  );
}

const RIGHTS = rightsOf();
const COLUMNS: ReadonlyArray<SimpleColumn<Right>> = [
  { id: 'noun', header: 'With', width: 150, cell: ({ label }) => <strong>{label}</strong> },
  ...ROLES.map((role) => ({
    id: role,
    header: humanise(role),
    width: 130,
    cell: ({ verbs }: Right) => (verbs[role] === '' ? <span className="muted">–</span> : verbs[role]),
  })),
];

function Roles() {
  return (
    <Card title="What each role may do">
      <div className="stack">
        <dl className={styles.roleWords}>
          {ROLES.map((role) => (
            <div key={role}>
              <dt>
                <strong>{humanise(role)}</strong>
              </dt>
              <dd className="muted">{ROLE_WORDS[role]}</dd>
            </div>
          ))}
        </dl>
        <SimpleTable label="Rights of each role" columns={COLUMNS} rows={RIGHTS} getRowId={({ noun }) => noun} />
        <p className="small muted">
          These are the rules that the server keeps; what a role may not do is not shown to it.
        </p>
      </div>
    </Card>
  );
}
