import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../../app/api.ts';
import { useLiveState } from '../../app/live.ts';
import { formatAgo, formatCount, formatMoment } from '../../lib/format.ts';
import { Card } from '../../ui/page.tsx';
import { EmptyState, QueryView } from '../../ui/states.tsx';
import { type ActivityEntry, type ActivityGroup, groupActivity, groupTitle } from './activity-words.ts';
import styles from './lists.module.css';

const ASKED = 60;
const SHOWN = 12;

/** What happened last, by itself as it happens; a burst of one kind is one line. */
export function ActivityFeed() {
  const query = api.useQuery('get', '/api/v1/activity', { params: { query: { limit: ASKED } } });
  const { status } = useLiveState();
  useTicking(30_000);
  return (
    <Card
      title="Activity"
      actions={<span className="small muted">{status === 'live' ? 'As it happens' : 'Not live now'}</span>}
      isFlush
    >
      <QueryView
        query={query}
        lines={6}
        isEmpty={({ items }) => items.length === 0}
        empty={<EmptyState title="Nothing has happened yet" />}
      >
        {({ items }) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          <ul className={styles.feed} tabIndex={0} aria-label="Activity, newest first">
            {groupActivity(items)
              .slice(0, SHOWN)
              .map((group) => (
                <Group key={group.entries[0]?.id} group={group} />
              ))}
          </ul>
        )}
      </QueryView>
    </Card>
  );
}

function Group({ group }: { group: ActivityGroup }) {
  const { words, entries } = group;
  const [newest] = entries;
  const others = entries.slice(1).filter(({ property }) => property !== null);
  if (newest === undefined) return null;
  return (
    <li className={styles.event} data-tone={words.tone}>
      <div className="grow">
        <span className={styles.eventWhat}>
          {words.who && <strong>{words.who}: </strong>}
          {groupTitle(group)}
          {entries.length > 1 && <span className={styles.times}>{formatCount(entries.length)} times</span>}
        </span>
        <Place entry={newest} />
        {entries.length === 1 && words.detail && <span className={styles.attentionDetail}>{words.detail}</span>}
        {others.length > 0 && (
          <details className={styles.more}>
            <summary>and {formatCount(others.length)} more</summary>
            {others.map((entry) => (
              <Place key={entry.id} entry={entry} />
            ))}
          </details>
        )}
      </div>
      <time className="small muted" dateTime={newest.at} title={formatMoment(newest.at)}>
        {formatAgo(newest.at)}
      </time>
    </li>
  );
}

function Place({ entry: { property } }: { entry: ActivityEntry }) {
  if (property === null) return null;
  return (
    <Link to="/properties/$propertyId" params={{ propertyId: property.id }} className={styles.eventPlace}>
      {property.label}
    </Link>
  );
}

/** Draws anew now and then, so that "3 minutes ago" stays true. */
function useTicking(everyMs: number): void {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
}
