import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/page.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Deliveries } from './deliveries.tsx';
import { useRenewWebhooks } from './renew-webhooks.ts';
import styles from './settings.module.css';
import { WebhookForm } from './webhook-form.tsx';
import { eventWords, webhookHealth } from './webhooks.ts';

interface WebhookDialogProps {
  webhook: Schemas['Webhook'];
  onSecret: (secret: { url: string; secret: string }) => void;
  onClose: () => void;
}

/** One webhook: how it does, orders to it, and what was sent. */
export function WebhookDialog({ webhook, onSecret, onClose }: WebhookDialogProps) {
  const mayChange = useMay()('webhooks:update');
  const [open, setOpen] = useState<'change' | 'rotate' | 'delete' | null>(null);
  const renew = useRenewWebhooks();
  const health = webhookHealth(webhook);
  const close = () => setOpen(null);
  return (
    <Dialog title="Webhook" place="side" size="wide" onClose={onClose}>
      <div className="stack">
        <Facts
          facts={[
            ['Address', webhook.url],
            ...(webhook.description ? ([['Description', webhook.description]] as const) : []),
            ['State', <HealthBadge key="state" {...health} />],
            ['Events', eventWords(webhook.event_types)],
            ['Last delivered', webhook.last_success_at === null ? 'Not yet' : formatMoment(webhook.last_success_at)],
            ['Last failure', webhook.last_failure_at === null ? 'None' : formatMoment(webhook.last_failure_at)],
            ...(webhook.previous_secret_until === null
              ? []
              : ([
                  ['Old secret', `Signs beside the new one until ${formatMoment(webhook.previous_secret_until)}`],
                ] as const)),
          ]}
        />
        {mayChange && <Orders webhook={webhook} onOpen={setOpen} />}
        <Deliveries webhook={webhook} mayChange={mayChange} />
      </div>
      {open === 'change' && (
        <WebhookForm
          webhook={webhook}
          onSaved={() => {
            renew();
            close();
            showToast('The webhook is changed.');
          }}
          onClose={close}
        />
      )}
      {open === 'rotate' && <RotateDialog webhook={webhook} onSecret={onSecret} onClose={close} />}
      {open === 'delete' && <DeleteDialog webhook={webhook} onDeleted={onClose} onClose={close} />}
    </Dialog>
  );
}

function HealthBadge({ text, tone, detail }: ReturnType<typeof webhookHealth>) {
  return (
    <>
      <Badge tone={tone}>{text}</Badge> {detail}
    </>
  );
}

interface OrdersProps {
  webhook: Schemas['Webhook'];
  onOpen: (order: 'change' | 'rotate' | 'delete') => void;
}

function Orders({ webhook, onOpen }: OrdersProps) {
  const renew = useRenewWebhooks();
  const onError = (error: unknown) => showToast(messageOf(error), { isError: true });
  const params = { path: { id: webhook.id } };
  const isActive = webhook.status === 'active';
  const ping = api.useMutation('post', '/api/v1/webhooks/{id}/ping', {
    onError,
    onSuccess: () => {
      showToast('A test message is on its way; see what became of it below.');
      setTimeout(renew, 1_500);
    },
  });
  const replay = api.useMutation('post', '/api/v1/webhooks/{id}/replay', {
    onError,
    onSuccess: ({ queued }) => {
      renew();
      showToast(
        queued === 0 ? 'Nothing was missed in the last 24 hours.' : `${formatCount(queued)} missed events are sent.`,
      );
    },
  });
  const set = api.useMutation('patch', '/api/v1/webhooks/{id}', { onError, onSuccess: renew });
  const toggle = () =>
    set.mutate(
      { params, body: { status: isActive ? 'disabled' : 'active' } },
      {
        onSuccess: () =>
          showToast(isActive ? 'Nothing is sent to it any more.' : 'Events are sent to it again.', {
            undo: () => set.mutate({ params, body: { status: isActive ? 'active' : 'disabled' } }),
          }),
      },
    );
  return (
    <div className={styles.orders}>
      <Button size="small" busy={ping.isPending} disabled={!isActive} onClick={() => ping.mutate({ params })}>
        Send a test
      </Button>
      <Button
        size="small"
        busy={replay.isPending}
        disabled={!isActive}
        onClick={() => replay.mutate({ params, body: { since: new Date(Date.now() - 86_400_000).toISOString() } })}
      >
        Send what was missed in 24 h
      </Button>
      <Button size="small" onClick={() => onOpen('change')}>
        Change
      </Button>
      <Button size="small" onClick={() => onOpen('rotate')}>
        New secret
      </Button>
      <Button size="small" busy={set.isPending} onClick={toggle}>
        {isActive ? 'Disable' : 'Enable'}
      </Button>
      <Button size="small" variant="danger" onClick={() => onOpen('delete')}>
        Delete
      </Button>
    </div>
  );
}

function RotateDialog({ webhook, onSecret, onClose }: Omit<WebhookDialogProps, 'onClose'> & { onClose: () => void }) {
  const renew = useRenewWebhooks();
  const rotate = api.useMutation('post', '/api/v1/webhooks/{id}/rotate-secret', {
    onSuccess: ({ url, secret }) => {
      renew();
      onClose();
      onSecret({ url, secret });
    },
  });
  return (
    <ConfirmDialog
      title="Make a new signing secret?"
      confirmLabel="Make new secret"
      busy={rotate.isPending}
      error={rotate.error ? messageOf(rotate.error) : undefined}
      onConfirm={() => rotate.mutate({ params: { path: { id: webhook.id } } })}
      onClose={onClose}
    >
      <p>Both secrets sign each message for a day, so that the receiver can change over without a gap.</p>
    </ConfirmDialog>
  );
}

function DeleteDialog({
  webhook,
  onDeleted,
  onClose,
}: {
  webhook: Schemas['Webhook'];
  onDeleted: () => void;
  onClose: () => void;
}) {
  const renew = useRenewWebhooks();
  const drop = api.useMutation('delete', '/api/v1/webhooks/{id}', {
    onSuccess: () => {
      onDeleted();
      renew();
      showToast('The webhook is deleted.');
    },
  });
  return (
    <ConfirmDialog
      title="Delete the webhook?"
      confirmLabel="Delete webhook"
      isDangerous
      busy={drop.isPending}
      error={drop.error ? messageOf(drop.error) : undefined}
      onConfirm={() => drop.mutate({ params: { path: { id: webhook.id } } })}
      onClose={onClose}
    >
      <p>
        Nothing more is sent to {webhook.url}, and the record of its deliveries goes too. It cannot be taken back; to
        rest it, disable it instead.
      </p>
    </ConfirmDialog>
  );
}
