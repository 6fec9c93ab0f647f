import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { AtSign, Bell, Search, UserCheck, Webhook } from 'lucide-react';
import { useState } from 'react';
import { formatAgo, formatMoment } from '../lib/format.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { EmptyState, messageOf, QueryView } from '../ui/states.tsx';
import { showToast } from '../ui/toast.tsx';
import { api, type Schemas } from './api.ts';
import { notificationKind, notificationTarget } from './notification-target.ts';
import styles from './notifications.module.css';
import { useMe } from './permissions.ts';

type Notification = Schemas['Notification'];
const PAGE = { params: { query: { limit: 50 } } } as const;
const UNREAD = { params: { query: { limit: 100, unread: true } } } as const;

/** The bell: how many notifications are unread, and the list of them. */
export function NotificationsButton() {
  const { data: me } = useMe();
  const [isOpen, setOpen] = useState(false);
  const isPerson = me?.kind === 'user';
  const { data } = api.useQuery('get', '/api/v1/notifications', UNREAD, { enabled: isPerson });
  if (!isPerson) return null;
  const unread = data?.items.length ?? 0;
  const shown = unread > 99 ? '99+' : String(unread);
  const label = unread === 0 ? 'Notifications' : `Notifications, ${shown} unread`;
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
        {unread > 0 && (
          <span className={styles.count} aria-hidden="true">
            {shown}
          </span>
        )}
      </Button>
      {isOpen && <NotificationsDialog unread={unread} onClose={() => setOpen(false)} />}
    </>
  );
}

function NotificationsDialog({ unread, onClose }: { unread: number; onClose: () => void }) {
  const queries = useQueryClient();
  const renew = () => void queries.invalidateQueries({ queryKey: ['get', '/api/v1/notifications'] });
  const onError = (error: unknown) => showToast(messageOf(error), { isError: true });
  const readAll = api.useMutation('post', '/api/v1/notifications/read-all', { onSuccess: renew, onError });
  const readOne = api.useMutation('post', '/api/v1/notifications/{id}/read', { onSuccess: renew, onError });
  const query = api.useInfiniteQuery('get', '/api/v1/notifications', PAGE, {
    pageParamName: 'cursor',
    initialPageParam: null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <Dialog
      title="Notifications"
      place="side"
      onClose={onClose}
      actions={
        <Button busy={readAll.isPending} disabled={unread === 0} onClick={() => readAll.mutate({})}>
          Mark all as read
        </Button>
      }
    >
      <QueryView
        query={query}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={
          <EmptyState title="Nothing new">Mentions, assignments and alerts of saved searches appear here.</EmptyState>
        }
      >
        {({ pages }) => (
          <>
            <ul className={styles.list}>
              {pages
                .flatMap(({ items }) => items)
                .map((one) => (
                  <Item
                    key={one.id}
                    one={one}
                    onRead={() => readOne.mutate({ params: { path: { id: one.id } } })}
                    onLeave={onClose}
                  />
                ))}
            </ul>
            {query.hasNextPage && (
              <Button size="small" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show older
              </Button>
            )}
          </>
        )}
      </QueryView>
    </Dialog>
  );
}

const ICONS = { mention: AtSign, assignment: UserCheck, search: Search, webhook: Webhook } as const;

function Item({ one, onRead, onLeave }: { one: Notification; onRead: () => void; onLeave: () => void }) {
  const isUnread = one.read_at === null;
  const target = notificationTarget(one);
  const Icon = ICONS[one.kind as keyof typeof ICONS] ?? Bell;
  return (
    <li className={styles.item} data-unread={isUnread || undefined}>
      <Icon size={16} aria-hidden="true" />
      <div className="grow">
        <p className={styles.title}>
          {isUnread && <span className="visually-hidden">Unread: </span>}
          {one.title}
        </p>
        {one.body && <p className="muted">{one.body}</p>}
        <p className="small muted">
          {notificationKind(one.kind)},{' '}
          <time dateTime={one.created_at} title={formatMoment(one.created_at)}>
            {formatAgo(one.created_at)}
          </time>
        </p>
        <p className={styles.orders}>
          {target && (
            <Link
              to={target.to}
              params={(target.params ?? {}) as never}
              search={(target.search ?? {}) as never}
              {...(target.hash === undefined ? {} : { hash: target.hash })}
              onClick={() => {
                if (isUnread) onRead();
                onLeave();
              }}
            >
              {target.text}
            </Link>
          )}
          {isUnread && (
            <Button size="small" variant="quiet" aria-label={`Mark as read: ${one.title}`} onClick={onRead}>
              Mark as read
            </Button>
          )}
        </p>
      </div>
    </li>
  );
}
