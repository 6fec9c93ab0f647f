import { useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useRefreshProperty } from './queries.ts';

/** What can be ordered of a property without asking anything first. */
export type Order = 'pause' | 'resume' | 're-enrich' | 're-score' | 're-memo';

const SAID: Record<Order, string> = {
  pause: 'Paused: no further step until it is resumed.',
  resume: 'Resumed: it goes on where it stood.',
  're-enrich': 'Asking the data sources again. New facts appear here as they come in.',
  're-score': 'Scoring again. The new score appears here; the present one stays in its history.',
  're-memo': 'The memo is being made again. It appears under Memo.',
};
const UNDO: Partial<Record<Order, Order>> = { pause: 'resume', resume: 'pause' };

/** Gives orders to a property's workflow; `busy` names the one under way. */
export function useOrders(propertyId: string) {
  const [busy, setBusy] = useState<Order | null>(null);
  const refresh = useRefreshProperty(propertyId);
  const give = async (order: Order, canUndo = true): Promise<void> => {
    setBusy(order);
    try {
      await send(propertyId, order);
      const back = canUndo ? UNDO[order] : undefined;
      showToast(SAID[order], back === undefined ? {} : { undo: () => void give(back, false) });
      refresh('detail', 'timeline');
    } catch (error) {
      showToast(messageOf(error), { isError: true });
    } finally {
      setBusy(null);
    }
  };
  return { busy, give };
}

function send(propertyId: string, order: Order): Promise<unknown> {
  const params = { path: { id: propertyId } };
  switch (order) {
    case 'pause':
      return take(client.POST('/api/v1/properties/{id}/pause', { params, body: {} }));
    case 'resume':
      return take(client.POST('/api/v1/properties/{id}/resume', { params, body: {} }));
    case 're-enrich':
      return take(client.POST('/api/v1/properties/{id}/re-enrich', { params }));
    case 're-score':
      return take(client.POST('/api/v1/properties/{id}/re-score', { params }));
    case 're-memo':
      return take(client.POST('/api/v1/properties/{id}/re-memo', { params }));
  }
}
