import { useState } from 'react';
import type { Role } from '../../../domain/policy.ts';
import { api, client, type Schemas } from '../../app/api.ts';
import { useMe } from '../../app/permissions.ts';
import { queryClient } from '../../app/query.tsx';
import { formatAgo, formatMoment, humanise } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './people.module.css';
import { RoleDialog } from './role-dialog.tsx';

type User = Schemas['User'];
type Change = { role: Role } | { status: User['status'] };

/** Everybody, with role and whether they may sign in. */
export function UserList({ mayChange }: { mayChange: boolean }) {
  const { data: me } = useMe();
  const [busyId, setBusy] = useState<string>();
  const [chosen, setChosen] = useState<User>();
  const query = api.useInfiniteQuery(
    'get',
    '/api/v1/users',
    { params: { query: { limit: 50 } } },
    {
      pageParamName: 'cursor',
      initialPageParam: null as string | null,
      getNextPageParam: (page) => page.next_cursor ?? undefined,
    },
  );
  const change = async (user: User, to: Change, back: Change | undefined) => {
    setBusy(user.id);
    try {
      await client.PATCH('/api/v1/users/{id}', { params: { path: { id: user.id } }, body: to });
      await queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/users'] });
      showToast(sentence(user, to), back === undefined ? {} : { undo: () => void change(user, back, undefined) });
    } catch (error) {
      showToast(`${user.name} stays as before: ${messageOf(error)}`, { isError: true });
    } finally {
      setBusy(undefined);
    }
  };
  const columns: ReadonlyArray<SimpleColumn<User>> = [
    {
      id: 'who',
      header: 'Who',
      width: 220,
      cell: (user) => (
        <span className={styles.who}>
          <strong>
            {user.name} {user.id === me?.id && <Badge tone="info">you</Badge>}
          </strong>
          <span className="small muted">{user.email}</span>
        </span>
      ),
    },
    {
      id: 'role',
      header: 'Role',
      width: 150,
      cell: (user) => humanise(user.role),
    },
    {
      id: 'status',
      header: 'Sign-in',
      cell: ({ status }) =>
        status === 'active' ? <Badge tone="good">Allowed</Badge> : <Badge tone="warn">Disabled</Badge>,
    },
    {
      id: 'last',
      header: 'Last signed in',
      width: 130,
      cell: ({ last_login_at: last }) =>
        last === null ? (
          <span className="muted">Never</span>
        ) : (
          <span title={formatMoment(last)}>{formatAgo(last)}</span>
        ),
    },
    ...(mayChange
      ? [
          {
            id: 'do',
            header: 'Change',
            isHeaderHidden: true,
            align: 'end' as const,
            cell: (user: User) => {
              if (user.id === me?.id) return null;
              const isActive = user.status === 'active';
              const to: Change = { status: isActive ? 'disabled' : 'active' };
              return (
                <span className={styles.actions}>
                  <Button
                    size="small"
                    busy={busyId === user.id}
                    aria-label={`Change the role of ${user.name}`}
                    onClick={() => setChosen(user)}
                  >
                    Role
                  </Button>
                  <Button
                    size="small"
                    busy={busyId === user.id}
                    aria-label={`${isActive ? 'Disable' : 'Enable'} ${user.name}`}
                    onClick={() => void change(user, to, { status: user.status })}
                  >
                    {isActive ? 'Disable' : 'Enable'}
                  </Button>
                </span>
              );
            },
          },
        ]
      : []),
  ];
  return (
    <Card title="People" isFlush>
      <QueryView query={query} label="Loading people">
        {({ pages }) => (
          <>
            <SimpleTable
              label="People of the organisation"
              columns={columns}
              rows={pages.flatMap(({ items }) => items)}
              getRowId={({ id }) => id}
            />
            {query.hasNextPage && (
              <div className="row" style={{ padding: 'var(--space-3)' }}>
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  Show more
                </Button>
              </div>
            )}
          </>
        )}
      </QueryView>
      {chosen && (
        <RoleDialog
          user={chosen}
          onClose={() => setChosen(undefined)}
          onChoose={(role) => {
            setChosen(undefined);
            void change(chosen, { role }, { role: chosen.role });
          }}
        />
      )}
    </Card>
  );
}

function sentence({ name }: User, to: Change): string {
  if ('role' in to) return `${name} is ${humanise(to.role).toLowerCase()} now, and signs in again.`;
  return to.status === 'active' ? `${name} may sign in again.` : `${name} is signed out and may not sign in.`;
}
