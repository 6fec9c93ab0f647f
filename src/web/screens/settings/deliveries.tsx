import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { formatAgo, formatCount, formatMoment } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useRenewWebhooks } from './renew-webhooks.ts';
import styles from './settings.module.css';

type Delivery = Schemas['WebhookDelivery'];
const STATES = ['pending', 'delivered', 'failed'] as const;
const SHOWN: Readonly<Record<Delivery['status'], [string, Tone]>> = {
  pending: ['Waiting', 'info'],
  delivered: ['Delivered', 'good'],
  failed: ['Failed', 'bad'],
};

/** What was sent to a webhook, newest first; each can be sent again. */
export function Deliveries({ webhook, mayChange }: { webhook: Schemas['Webhook']; mayChange: boolean }) {
  const [status, setStatus] = useState<Delivery['status'] | undefined>();
  const query = api.useQuery(
    'get',
    '/api/v1/webhooks/{id}/deliveries',
    { params: { path: { id: webhook.id }, query: { limit: 50, ...(status && { status }) } } },
    { refetchInterval: 5_000 },
  );
  const renew = useRenewWebhooks();
  const replay = api.useMutation('post', '/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay', {
    onError: (error) => showToast(messageOf(error), { isError: true }),
    onSuccess: () => {
      renew();
      showToast('It is sent again.');
    },
  });
  const canReplay = mayChange && webhook.status === 'active';
  const columns: Array<SimpleColumn<Delivery>> = [
    {
      id: 'event',
      header: 'Event',
      width: 160,
      cell: (one) => (
        <>
          {one.event_type}
          <span className="under" title={formatMoment(one.created_at)}>
            {formatAgo(one.created_at)}
          </span>
        </>
      ),
    },
    {
      id: 'status',
      header: 'Result',
      width: 190,
      cell: (one) => (
        <>
          <Badge tone={SHOWN[one.status][1]}>{SHOWN[one.status][0]}</Badge>
          <span className="under">{deliveryWords(one)}</span>
          {one.last_error && <span className={styles.deliveryError}>{one.last_error}</span>}
        </>
      ),
    },
    ...(canReplay
      ? [
          {
            id: 'orders',
            header: 'Orders',
            isHeaderHidden: true,
            align: 'end' as const,
            cell: (one: Delivery) => (
              <Button
                size="small"
                busy={replay.isPending && replay.variables.params.path.delivery_id === one.id}
                aria-label={`Send again: ${one.event_type} of ${formatMoment(one.created_at)}`}
                onClick={() => replay.mutate({ params: { path: { id: webhook.id, delivery_id: one.id } } })}
              >
                Send again
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <section className="stack">
      <div className="row spread">
        <h3>Deliveries</h3>
        <SelectField
          label="Result"
          isLabelHidden
          value={status ?? ''}
          onChange={({ target }) => setStatus(STATES.find((one) => one === target.value))}
        >
          <option value="">All</option>
          {STATES.map((one) => (
            <option key={one} value={one}>
              {SHOWN[one][0]}
            </option>
          ))}
        </SelectField>
      </div>
      <QueryView
        query={query}
        lines={4}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title={status ? 'None of this kind' : 'Nothing was sent yet'}>
            Send a test to see whether it is heard.
          </EmptyState>
        }
      >
        {({ items, next_cursor: next }) => (
          <>
            <SimpleTable label="Deliveries" columns={columns} rows={items} getRowId={(one) => one.id} />
            <p className="small muted">
              {next === null ? `${formatCount(items.length)} in all` : `The newest ${items.length}`}; kept for 30 days.
            </p>
          </>
        )}
      </QueryView>
    </section>
  );
}

function deliveryWords(one: Delivery): string {
  const attempts = one.attempts === 0 ? 'Not tried yet' : one.attempts === 1 ? '1 attempt' : `${one.attempts} attempts`;
  const answer = one.last_status_code === null ? '' : `, answered ${one.last_status_code}`;
  const took = one.last_duration_ms === null ? '' : ` in ${one.last_duration_ms} ms`;
  const isDue = one.next_attempt_at !== null && Date.parse(one.next_attempt_at) <= Date.now();
  const next = one.next_attempt_at === null ? '' : `, next ${isDue ? 'at once' : formatAgo(one.next_attempt_at)}`;
  return `${attempts}${answer}${took}${next}`;
}
