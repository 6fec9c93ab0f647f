import { useMemo } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Card, Page } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { SeverityField } from './filter-fields.tsx';
import styles from './market.module.css';
import { SEVERITIES, sentence } from './market-words.ts';
import { PacketDialog } from './packet-dialog.tsx';
import { orderPackets, PACKET_STATUSES, readPacketOrder } from './packet-order.ts';
import { PacketTable } from './packet-table.tsx';
import { MarketTabs } from './parts.tsx';
import { useAddress } from './use-address.ts';

const PAGE = 200;

/** What was noticed in the markets, and what people decided about it. */
export function PacketsScreen() {
  const [address, change] = useAddress();
  const status = PACKET_STATUSES.find((one) => one === (address.status ?? 'open'));
  const severity = SEVERITIES.find((one) => one === address.severity);
  const order = readPacketOrder(address.order);
  const may = useMay();
  const users = api.useQuery(
    'get',
    '/api/v1/colleagues',
    { params: { query: { limit: 200 } } },
    { enabled: may('timeline:read'), staleTime: 300_000 },
  );
  const query = api.useQuery('get', '/api/v1/decision-packets', {
    params: {
      query: {
        limit: PAGE,
        ...(status && { status }),
        ...(severity && { severity }),
        ...(address.market && { market: address.market }),
        ...(address.owner && { owner_id: address.owner }),
      },
    },
  });
  const rows = useMemo(() => orderPackets(query.data?.items ?? [], order), [query.data, order]);
  const isNarrowed = Boolean(severity || address.market || address.owner || address.status);
  return (
    <Page title="Decisions" about="What the markets ask you to decide, with the numbers behind it">
      <MarketTabs />
      <Card>
        <div className={styles.filters}>
          <SelectField
            label="State"
            value={address.status ?? 'open'}
            onChange={(event) => change({ status: event.target.value })}
          >
            {PACKET_STATUSES.map((one) => (
              <option key={one} value={one}>
                {sentence(one)}
              </option>
            ))}
            <option value="all">All states</option>
          </SelectField>
          <SeverityField address={address} change={change} />
          <SelectField
            label="Owner"
            value={address.owner ?? ''}
            onChange={(event) => change({ owner: event.target.value })}
          >
            <option value="">Anybody</option>
            {(users.data?.items ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          <SelectField label="Order" value={order} onChange={(event) => change({ order: event.target.value })}>
            <option value="severity">Worst first</option>
            <option value="expiry">Next to expire first</option>
            <option value="impact">Most money first</option>
            <option value="changed">Last changed first</option>
          </SelectField>
        </div>
        {address.market && (
          <p className="row">
            Only {address.market}
            <Button size="small" variant="quiet" onClick={() => change({ market: '' })}>
              Show all markets
            </Button>
          </p>
        )}
      </Card>
      <QueryView
        query={query}
        lines={8}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title={isNarrowed ? 'No decision fits these choices' : 'Nothing needs a decision'}>
            Each briefing holds the markets against their own past and asks for decisions where it finds something. The
            next one is made at six in the morning; under Briefings one can be made now.
          </EmptyState>
        }
      >
        {({ next_cursor: more }) => (
          <Card isFlush>
            <PacketTable rows={rows} onOpen={(id) => change({ packet: id })} />
            <p className={`${styles.padded} small muted`}>
              {formatCount(rows.length)} decisions
              {more !== null && `, the ${PAGE} last changed; narrow the list to see others`}. Impact is what the issue
              is expected to cost or bring, in dollars.
            </p>
          </Card>
        )}
      </QueryView>
      {address.packet && (
        <PacketDialog
          key={address.packet}
          id={address.packet}
          users={users.data?.items ?? []}
          onClose={() => change({ packet: '' })}
        />
      )}
    </Page>
  );
}
