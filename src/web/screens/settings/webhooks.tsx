import { useNavigate, useSearch } from '@tanstack/react-router';
import { Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, NoPermission, QueryView } from '../../ui/states.tsx';
import { useRenewWebhooks } from './renew-webhooks.ts';
import { SecretDialog } from './secret-shown.tsx';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page.tsx';
import { WebhookDialog } from './webhook-dialog.tsx';
import { WebhookForm } from './webhook-form.tsx';
import { eventWords, webhookHealth } from './webhooks.ts';

type Webhook = Schemas['Webhook'];

/** Where events of the organisation are sent. */
export function WebhooksScreen() {
  const may = useMay();
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<{ url: string; secret: string } | null>(null);
  const renew = useRenewWebhooks();
  return (
    <SettingsPage
      title="Webhooks"
      about="Events of this organisation, sent signed to an address of yours as they happen."
      actions={
        may('webhooks:update') && (
          <Button variant="primary" icon={<WebhookIcon size={16} />} onClick={() => setMaking(true)}>
            New webhook
          </Button>
        )
      }
    >
      {may('webhooks:read') ? (
        <Webhooks onSecret={setSecret} />
      ) : (
        <NoPermission what="webhooks" needs="webhooks:read" />
      )}
      {isMaking && (
        <WebhookForm
          onSaved={(made) => {
            setMaking(false);
            renew();
            if (made.secret !== undefined) setSecret({ url: made.url, secret: made.secret });
          }}
          onClose={() => setMaking(false)}
        />
      )}
      {secret && (
        <SecretDialog
          title="Signing secret"
          secret={secret.secret}
          about={`Verify with it that a message to ${secret.url} comes from here: each is signed after Standard Webhooks, in the header webhook-signature.`}
          onClose={() => setSecret(null)}
        />
      )}
    </SettingsPage>
  );
}

function Webhooks({ onSecret }: { onSecret: (secret: { url: string; secret: string }) => void }) {
  const { webhook: openId } = useSearch({ strict: false }) as { webhook?: string };
  const navigate = useNavigate();
  const open = (id: string | undefined) =>
    void navigate({ to: '/settings/webhooks', search: (id === undefined ? {} : { webhook: id }) as never });
  const query = api.useQuery(
    'get',
    '/api/v1/webhooks',
    { params: { query: { limit: 100 } } },
    { refetchInterval: 15_000 },
  );
  const chosen = query.data?.items.find((one) => one.id === openId);
  return (
    <Card title="Webhooks" isFlush>
      <QueryView
        query={query}
        lines={3}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title="There is no webhook">
            With one, another system hears of new scores, memos and replies within a second, without asking.
          </EmptyState>
        }
      >
        {({ items }) => (
          <SimpleTable
            label="Webhooks"
            columns={columnsOf(open)}
            rows={items}
            getRowId={(one) => one.id}
            markedId={openId}
          />
        )}
      </QueryView>
      {chosen && <WebhookDialog webhook={chosen} onSecret={onSecret} onClose={() => open(undefined)} />}
    </Card>
  );
}

function columnsOf(onOpen: (id: string) => void): Array<SimpleColumn<Webhook>> {
  return [
    {
      id: 'url',
      header: 'Address',
      width: 260,
      cell: (one) => (
        <>
          <button type="button" className="text-button" onClick={() => onOpen(one.id)}>
            {one.url}
          </button>
          {one.description && <span className="under">{one.description}</span>}
        </>
      ),
    },
    {
      id: 'state',
      header: 'State',
      width: 160,
      cell: (one) => {
        const { text, tone, detail } = webhookHealth(one);
        return (
          <>
            <Badge tone={tone}>{text}</Badge>
            {detail && <span className="under">{detail}</span>}
          </>
        );
      },
    },
    {
      id: 'events',
      header: 'Events',
      width: 200,
      cell: (one) => <span className={styles.wrap}>{eventWords(one.event_types)}</span>,
    },
    {
      id: 'success',
      header: 'Last delivered',
      width: 130,
      cell: (one) =>
        one.last_success_at === null ? (
          <span className="muted">Not yet</span>
        ) : (
          <span title={formatMoment(one.last_success_at)}>{formatAgo(one.last_success_at)}</span>
        ),
    },
  ];
}
