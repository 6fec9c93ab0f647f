import { useQueryClient } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatCount, formatDay, formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, NoPermission, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { keyState, scopeWords } from './scopes.ts';
import { SecretDialog } from './secret-shown.tsx';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page.tsx';

type ApiKey = Schemas['ApiKey'];

/** Credentials of programs. */
export function ApiKeysScreen() {
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<{ name: string; key: string } | null>(null);
  const mayChange = may('keys:update');
  const renew = useRenew();
  return (
    <SettingsPage
      title="API keys"
      about="Credentials of programs that use the API in the name of this organisation."
      actions={
        mayChange && (
          <Button variant="primary" icon={<KeyRound size={16} />} onClick={() => setMaking(true)}>
            New key
          </Button>
        )
      }
    >
      {may('keys:read') ? <Keys mayChange={mayChange} /> : <NoPermission what="API keys" needs="keys:read" />}
      {isMaking && (
        <NewKeyDialog
          onMade={({ name, key }) => {
            setMaking(false);
            setMade({ name, key });
            renew();
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {made && (
        <SecretDialog
          title={`API key “${made.name}”`}
          secret={made.key}
          about="Programs send it with each request as “Authorization: Bearer …”. Keep it where passwords are kept."
          onClose={() => setMade(null)}
        />
      )}
    </SettingsPage>
  );
}

function useRenew(): () => void {
  const queries = useQueryClient();
  return () => void queries.invalidateQueries({ queryKey: ['get', '/api/v1/api-keys'] });
}

function Keys({ mayChange }: { mayChange: boolean }) {
  const [toRevoke, setToRevoke] = useState<ApiKey | null>(null);
  const query = api.useQuery('get', '/api/v1/api-keys', { params: { query: { limit: 200 } } });
  return (
    <Card title="Keys" isFlush>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title="There is no API key">
            A program that reads or changes something here needs one, with no more scopes than its work.
          </EmptyState>
        }
      >
        {({ items }) => (
          <SimpleTable
            label="API keys"
            columns={columnsOf(mayChange, setToRevoke)}
            rows={[...items].sort((a, b) => rank(a) - rank(b) || b.created_at.localeCompare(a.created_at))}
            getRowId={(one) => one.id}
          />
        )}
      </QueryView>
      {toRevoke && <RevokeDialog apiKey={toRevoke} onClose={() => setToRevoke(null)} />}
    </Card>
  );
}

function rank(key: ApiKey): number {
  return keyState(key) === 'active' ? 0 : 1;
}

const STATES = {
  active: { text: 'Active', tone: 'good' },
  expired: { text: 'Expired', tone: 'neutral' },
  revoked: { text: 'Revoked', tone: 'neutral' },
} as const;

function columnsOf(mayChange: boolean, onRevoke: (key: ApiKey) => void): Array<SimpleColumn<ApiKey>> {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 180,
      cell: (one) => (
        <>
          <strong>{one.name}</strong>
          <span className={styles.key}>{one.prefix}…</span>
        </>
      ),
    },
    {
      id: 'state',
      header: 'State',
      width: 120,
      cell: (one) => {
        const state = STATES[keyState(one)];
        return (
          <>
            <Badge tone={state.tone}>{state.text}</Badge>
            <span className="under">
              {one.revoked_at !== null
                ? formatMoment(one.revoked_at)
                : one.expires_at === null
                  ? 'Does not expire'
                  : `${keyState(one) === 'expired' ? 'Since' : 'Until'} ${formatDay(one.expires_at)}`}
            </span>
          </>
        );
      },
    },
    {
      id: 'scopes',
      header: 'May do',
      width: 240,
      cell: (one) => <span className={styles.wrap}>{scopeWords(one.scopes)}</span>,
    },
    {
      id: 'used',
      header: 'Last used',
      width: 130,
      cell: (one) =>
        one.last_used_at === null ? (
          <span className="muted">Never</span>
        ) : (
          <span title={formatMoment(one.last_used_at)}>{formatAgo(one.last_used_at)}</span>
        ),
    },
    { id: 'requests', header: 'Requests', width: 90, align: 'end', cell: (one) => formatCount(one.request_count) },
    { id: 'made', header: 'Made', width: 120, cell: (one) => formatDay(one.created_at) },
    ...(mayChange
      ? [
          {
            id: 'orders',
            header: 'Orders',
            isHeaderHidden: true,
            align: 'end' as const,
            width: 90,
            cell: (one: ApiKey) =>
              keyState(one) === 'active' && (
                <Button size="small" aria-label={`Revoke ${one.name}`} onClick={() => onRevoke(one)}>
                  Revoke
                </Button>
              ),
          },
        ]
      : []),
  ];
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const renew = useRenew();
  const revoke = api.useMutation('delete', '/api/v1/api-keys/{id}', {
    onSuccess: () => {
      renew();
      onClose();
      showToast(`${apiKey.name} opens nothing any more.`);
    },
  });
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      confirmLabel="Revoke key"
      isDangerous
      busy={revoke.isPending}
      error={revoke.error ? messageOf(revoke.error) : undefined}
      onConfirm={() => revoke.mutate({ params: { path: { id: apiKey.id } } })}
      onClose={onClose}
    >
      <p>
        Programs that use it are refused from this moment on. It cannot be taken back; make a new key instead.
        {apiKey.last_used_at !== null && ` It was last used ${formatAgo(apiKey.last_used_at)}.`}
      </p>
    </ConfirmDialog>
  );
}
