import { useInfiniteQuery } from '@tanstack/react-query';
import { take } from '../../../sdk/client.ts';
import { api, client, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatMoment } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorState, Loading, StaleMark } from '../../ui/states.tsx';
import { CommentCard } from './comment.tsx';
import { useDeletions } from './comment-deletion.ts';
import { Composer } from './composer.tsx';
import { buildFeed } from './feed.ts';
import type { Property } from './property-query.ts';
import { answerKey, usePropertyAnswer } from './queries.ts';
import { Section } from './section.tsx';
import styles from './timeline.module.css';
import { actorOf, sourceOf, wordsOf } from './timeline-words.ts';

type Event = Schemas['PropertyEvent'];

/** Everything that happened to the property and was said about it, live, the newest first. */
export function TimelinePart({ property }: { property: Property }) {
  return (
    <Section name="timeline" title="Timeline" about="New events appear by themselves.">
      <Timeline propertyId={property.id} />
    </Section>
  );
}

function Timeline({ propertyId }: { propertyId: string }) {
  const mayComment = useMay()('timeline:comment');
  const events = useInfiniteQuery({
    queryKey: answerKey(propertyId, ['timeline']),
    queryFn: ({ pageParam }) =>
      take(
        client.GET('/api/v1/properties/{id}/timeline', {
          params: { path: { id: propertyId }, query: { limit: 30, ...(pageParam !== '' && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 15_000,
  });
  const comments = usePropertyAnswer(propertyId, ['comments'], () =>
    take(
      client.GET('/api/v1/properties/{id}/comments', { params: { path: { id: propertyId }, query: { limit: 200 } } }),
    ),
  );
  const people = api.useQuery(
    'get',
    '/api/v1/colleagues',
    { params: { query: { limit: 200 } } },
    { staleTime: 300_000 },
  );
  const nameOf = (id: string) => people.data?.items.find((one) => one.id === id)?.name ?? 'a colleague';
  const deletions = useDeletions();
  if (events.data === undefined) {
    return events.isPending ? (
      <Loading label="Timeline" />
    ) : (
      <ErrorState error={events.error} onRetry={() => void events.refetch()} />
    );
  }
  const written = comments.data?.items.filter(({ id }) => !deletions.has(id)) ?? [];
  const feed = buildFeed(
    events.data.pages.flatMap(({ items }) => items),
    written,
  );
  return (
    <>
      {mayComment && <Composer propertyId={propertyId} />}
      <StaleMark
        error={events.error ?? comments.error}
        updatedAt={events.dataUpdatedAt}
        onRetry={() => void events.refetch()}
      />
      <ol className={styles.feed}>
        {feed.map((entry) => (
          <li key={entry.id}>
            {entry.kind === 'event' ? (
              <EventLine event={entry.event} times={entry.times} nameOf={nameOf} />
            ) : (
              <CommentCard comment={entry.comment} answers={entry.answers} />
            )}
          </li>
        ))}
      </ol>
      {events.hasNextPage && (
        <div>
          <Button size="small" busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Show older
          </Button>
        </div>
      )}
    </>
  );
}

function EventLine({ event, times, nameOf }: { event: Event; times: number; nameOf: (userId: string) => string }) {
  const { title, detail, tone } = wordsOf(event, nameOf);
  const actor = actorOf(event);
  return (
    <div className={styles.event} data-tone={tone}>
      <span className={styles.dot} aria-hidden="true" />
      <div className="grow">
        <p>
          {title}
          {times > 1 && <span className="muted"> · {times} times</span>}
        </p>
        {detail && <p className="muted small">{detail}</p>}
        <p className="muted small">
          <time dateTime={event.timestamp} title={formatMoment(event.timestamp)}>
            {formatAgo(event.timestamp)}
          </time>
          {` · ${actor === null ? sourceName(sourceOf(event)) : nameOf(actor)}`}
        </p>
      </div>
    </div>
  );
}
