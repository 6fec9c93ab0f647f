import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatDay, formatDollars, formatMoment, formatPercent } from '../../lib/format.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Facts } from '../../ui/page.tsx';
import { Loading, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ImpactBar } from './impact-bar.tsx';
import { EvidenceList } from './packet-evidence.tsx';
import { DecisionForm, OutcomeForm } from './packet-forms.tsx';
import { deedsOf, historyOf } from './packet-order.ts';

type Packet = Schemas['DecisionPacket'];
type Deed = 'accept' | 'reject' | 'close' | 'outcome';
const DONE: Record<'accept' | 'reject' | 'close' | 'reopen', string> = {
  accept: 'Accepted',
  reject: 'Rejected',
  close: 'Closed',
  reopen: 'Open again',
};

interface DialogProps {
  id: string;
  users: ReadonlyArray<{ id: string; name: string }>;
  onClose: () => void;
}

/** A decision with what it rests on, and what can be done about it. */
export function PacketDialog({ id, users, onClose }: DialogProps) {
  const may = useMay();
  const query = api.useQuery('get', '/api/v1/decision-packets/{id}', { params: { path: { id } } });
  const [deed, setDeed] = useState<Deed | null>(null);
  const { decide, isPending } = useDecision(id);
  const can = query.data && may('properties:update') ? deedsOf(query.data.status) : null;
  return (
    <Dialog
      title={query.data?.issue ?? 'Decision'}
      place="side"
      onClose={onClose}
      actions={
        can &&
        deed === null && (
          <>
            {can.reopen && (
              <Button busy={isPending} onClick={() => decide('reopen')}>
                Take the decision back
              </Button>
            )}
            {query.data?.status !== 'open' && <Button onClick={() => setDeed('outcome')}>Record outcome</Button>}
            {can.close && <Button onClick={() => setDeed('close')}>Close</Button>}
            {can.reject && (
              <Button variant="danger" onClick={() => setDeed('reject')}>
                Reject
              </Button>
            )}
            {can.accept && (
              <Button variant="primary" onClick={() => setDeed('accept')}>
                Accept
              </Button>
            )}
          </>
        )
      }
    >
      {deed !== null && deed !== 'outcome' && (
        <DecisionForm
          deed={deed}
          busy={isPending}
          onCancel={() => setDeed(null)}
          onDecide={(reason) => decide(deed, reason).then((isDone) => isDone && onClose())}
        />
      )}
      {deed === 'outcome' && <OutcomeForm id={id} onDone={() => setDeed(null)} />}
      <QueryView query={query} lines={10}>
        {(packet) => <PacketBody packet={packet} users={users} canAssign={may('properties:update')} />}
      </QueryView>
      {query.isPending && <Loading />}
    </Dialog>
  );
}

/** Sends a decision; what was decided can be taken back from the message. */
function useDecision(id: string) {
  const queries = useQueryClient();
  const renew = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/decision-packets'] });
  const renewOne = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/decision-packets/{id}'] });
  const accept = api.useMutation('post', '/api/v1/decision-packets/{id}/accept');
  const reject = api.useMutation('post', '/api/v1/decision-packets/{id}/reject');
  const close = api.useMutation('post', '/api/v1/decision-packets/{id}/close');
  const reopen = api.useMutation('post', '/api/v1/decision-packets/{id}/reopen');
  const params = { path: { id } };
  const decide = async (verb: 'accept' | 'reject' | 'close' | 'reopen', reason?: string): Promise<boolean> => {
    try {
      if (verb === 'reopen') await reopen.mutateAsync({ params });
      else {
        const body = reason ? { reason } : {};
        await { accept, reject, close }[verb].mutateAsync({ params, body });
      }
      showToast(DONE[verb], verb === 'reopen' ? {} : { undo: () => void decide('reopen') });
      return true;
    } catch (error) {
      showToast(messageOf(error), { isError: true });
      return false;
    } finally {
      await Promise.all([renew(), renewOne()]);
    }
  };
  return { decide, isPending: [accept, reject, close, reopen].some((one) => one.isPending) };
}

function PacketBody({ packet, users, canAssign }: { packet: Packet; users: DialogProps['users']; canAssign: boolean }) {
  return (
    <>
      <p className="row">
        <StatusBadge status={packet.severity} />
        <StatusBadge status={packet.status} />
        {packet.market && (
          <Link to="/market/trend" search={{ market: packet.market } as never}>
            {packet.market}
          </Link>
        )}
      </p>
      <section className="stack" aria-label="Recommendation">
        <h3>Recommended</h3>
        <p>{packet.action}</p>
      </section>
      {packet.impact && <ImpactBar impact={packet.impact} />}
      <Facts
        facts={[
          ['Expected impact', packet.impact === null ? 'Not known' : formatDollars(packet.impact.expected)],
          [
            'Confidence',
            packet.stated_confidence === null || packet.stated_confidence === packet.confidence
              ? formatPercent(packet.confidence, 0)
              : `${formatPercent(packet.confidence, 0)} by the outcomes so far; the tool stated ${formatPercent(packet.stated_confidence, 0)}`,
          ],
          ['Segment', packet.segment === null || packet.segment === 'all' ? 'The whole market' : packet.segment],
          ['Expires', `${formatMoment(packet.expires_at)} (${formatAgo(packet.expires_at)})`],
        ]}
      />
      <OwnerField packet={packet} users={users} canAssign={canAssign} />
      <EvidenceList evidence={packet.evidence} />
      <section className="stack" aria-label="History">
        <h3>History</h3>
        <ol className="stack">
          {historyOf(packet).map(({ at, what }) => (
            <li key={`${at} ${what}`}>
              <span className="small muted">{at.length > 10 ? formatMoment(at) : formatDay(at)}</span>
              <p>{what}</p>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}

function OwnerField({ packet, users, canAssign }: { packet: Packet; users: DialogProps['users']; canAssign: boolean }) {
  const queries = useQueryClient();
  const assign = api.useMutation('put', '/api/v1/decision-packets/{id}/owner', {
    onError: (error) => showToast(messageOf(error), { isError: true }),
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/v1/decision-packets'),
      }),
  });
  if (!canAssign || users.length === 0) return <Facts facts={[['Owner', packet.owner ?? 'Nobody yet']]} />;
  const give = (ownerId: string | null) =>
    assign.mutateAsync({ params: { path: { id: packet.id } }, body: { owner_id: ownerId } });
  return (
    <SelectField
      label="Owner"
      value={packet.owner_id ?? ''}
      disabled={assign.isPending}
      onChange={(event) => {
        const before = packet.owner_id;
        void give(event.target.value || null).then(
          ({ owner }) =>
            showToast(owner === null ? 'It belongs to nobody now' : `${owner} owns it now`, {
              undo: () => void give(before),
            }),
          () => undefined,
        );
      }}
    >
      <option value="">Nobody yet</option>
      {users.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
