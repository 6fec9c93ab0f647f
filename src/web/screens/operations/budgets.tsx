import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { formatPercent, humanise } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { BudgetDialog } from './budget-dialog.tsx';
import { formatCost, resourceName } from './costs.ts';
import styles from './operations.module.css';

type Budget = Schemas['Budget'];

/** What may be spent on what, and how much of it is used. */
export function Budgets({ mayRead, mayChange }: { mayRead: boolean; mayChange: boolean }) {
  const query = api.useQuery('get', '/api/v1/budgets', {}, { enabled: mayRead });
  const [open, setOpen] = useState<Budget | 'new' | null>(null);
  const orders = useBudgetOrders();
  if (!mayRead) return null;
  return (
    <Card
      title="Budgets"
      isFlush
      actions={
        mayChange && (
          <Button icon={<Plus size={16} />} onClick={() => setOpen('new')}>
            Set a budget
          </Button>
        )
      }
    >
      <QueryView
        query={query}
        lines={3}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState
            title="There is no budget"
            action={
              mayChange && (
                <Button variant="primary" onClick={() => setOpen('new')}>
                  Set a budget
                </Button>
              )
            }
          >
            Nothing that costs money is bought until a budget allows it. Free sources are asked all the same.
          </EmptyState>
        }
      >
        {({ items }) => (
          <SimpleTable
            label="Budgets"
            columns={columnsOf(mayChange, setOpen, orders.remove)}
            rows={items}
            getRowId={(one) => `${one.resource} ${one.period}`}
          />
        )}
      </QueryView>
      {open && (
        <BudgetDialog
          budget={open === 'new' ? undefined : open}
          onSaved={(saved) => {
            orders.saved(saved, open === 'new' ? undefined : open);
            setOpen(null);
          }}
          onClose={() => setOpen(null)}
        />
      )}
    </Card>
  );
}

function columnsOf(
  mayChange: boolean,
  onOpen: (budget: Budget) => void,
  onRemove: (budget: Budget) => void,
): Array<SimpleColumn<Budget>> {
  return [
    {
      id: 'resource',
      header: 'For',
      width: 150,
      cell: (one) => <strong>{one.resource === '*' ? 'Everything' : sourceName(one.resource)}</strong>,
    },
    { id: 'period', header: 'Each', width: 80, cell: (one) => humanise(one.period) },
    {
      id: 'used',
      header: 'Used',
      width: 180,
      cell: (one) => <Used budget={one} />,
    },
    { id: 'spent', header: 'Spent', align: 'end', width: 100, cell: (one) => formatCost(one.spent) },
    { id: 'limit', header: 'Limit', align: 'end', width: 100, cell: (one) => formatCost(one.limit) },
    { id: 'left', header: 'Left', align: 'end', width: 100, cell: (one) => formatCost(one.left) },
    ...(mayChange
      ? [
          {
            id: 'orders',
            header: 'Orders',
            isHeaderHidden: true,
            align: 'end' as const,
            width: 170,
            cell: (one: Budget) => (
              <span className={styles.orders}>
                <Button
                  size="small"
                  aria-label={`Change the budget for ${resourceName(one.resource)} each ${one.period}`}
                  onClick={() => onOpen(one)}
                >
                  Change
                </Button>
                <Button
                  size="small"
                  variant="quiet"
                  aria-label={`Remove the budget for ${resourceName(one.resource)} each ${one.period}`}
                  onClick={() => onRemove(one)}
                >
                  Remove
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
}

function Used({ budget: { limit, spent } }: { budget: Budget }) {
  const share = limit === 0 ? 1 : spent / limit;
  return (
    <>
      <Meter share={share} />
      <span className={styles.under}>{limit === 0 ? 'Nothing may be bought' : `${formatPercent(share, 0)} used`}</span>
    </>
  );
}

/** Saving and removing, each with a way back. */
function useBudgetOrders() {
  const queries = useQueryClient();
  const renew = () => {
    void queries.invalidateQueries({ queryKey: ['get', '/api/v1/budgets'] });
    void queries.invalidateQueries({ queryKey: ['get', '/api/v1/analytics/costs'] });
  };
  const onError = (error: unknown) => showToast(messageOf(error), { isError: true });
  const set = api.useMutation('put', '/api/v1/budgets/{resource}/{period}', { onSuccess: renew, onError });
  const drop = api.useMutation('delete', '/api/v1/budgets/{resource}/{period}', { onSuccess: renew, onError });
  const placeOf = ({ resource, period }: Budget) => ({ params: { path: { resource, period } } });
  const words = ({ resource, period }: Budget) => `The budget for ${resourceName(resource)} each ${period}`;
  return {
    /** Tells of a saved budget; undoing sets it as it was before, or removes it. */
    saved(budget: Budget, before: Budget | undefined) {
      renew();
      const undo = () =>
        before === undefined
          ? drop.mutate(placeOf(budget))
          : set.mutate({ ...placeOf(before), body: { limit: before.limit } });
      showToast(`${words(budget)} is ${formatCost(budget.limit)}.`, { undo });
    },
    remove(budget: Budget) {
      drop.mutate(placeOf(budget), {
        onSuccess: () =>
          showToast(`${words(budget)} is removed.`, {
            undo: () => set.mutate({ ...placeOf(budget), body: { limit: budget.limit } }),
          }),
      });
    },
  };
}
