import { useQueryClient } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { useState } from 'react';
import { formatAgo } from '../lib/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyState, QueryView } from '../ui/states.tsx';
import { api } from './api.ts';
import styles from './notifications.module.css';
import { useMay } from './permissions.ts';

/** The bell: how many notifications are unread, and the list of them. */
export function NotificationsButton() {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  const query = api.useQuery('get', '/api/v1/notifications', {}, { enabled: may('timeline:read') });
  if (!may('timeline:read')) return null;
  const unread = query.data?.items.filter((one) => one.read_at === null).length ?? 0;
  const label = unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`;
  return (
    <>
      <Button
        variant="quiet"
        aria-label={label}
        title={label}
        className={styles.bell}
        icon={<Bell size={18} />}
        onClick={() => setOpen(true)}
      >
        {unread > 0 && <span className={styles.count}>{unread}</span>}
      </Button>
      {isOpen && <NotificationsDialog query={query} onClose={() => setOpen(false)} />}
    </>
  );
}

type NotificationsQuery = ReturnType<typeof useNotifications>;
const useNotifications = () => api.useQuery('get', '/api/v1/notifications', {});

function NotificationsDialog({ query, onClose }: { query: NotificationsQuery; onClose: () => void }) {
  const queries = useQueryClient();
  const readAll = api.useMutation('post', '/api/v1/notifications/read-all', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/notifications'] }),
  });
  return (
    <Dialog
      title="Notifications"
      place="side"
      onClose={onClose}
      actions={
        <Button busy={readAll.isPending} onClick={() => readAll.mutate({})}>
          Mark all as read
        </Button>
      }
    >
      <QueryView
        query={query}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title="Nothing new">Mentions, assignments and alerts of saved searches appear here.</EmptyState>
        }
      >
        {({ items }) => (
          <ul className="stack">
            {items.map((one) => (
              <li key={one.id} className={styles.item} data-unread={one.read_at === null || undefined}>
                <p>{one.title}</p>
                {one.body && <p className="muted">{one.body}</p>}
                <p className="small muted">{formatAgo(one.created_at)}</p>
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Dialog>
  );
}
