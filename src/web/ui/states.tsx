import type { UseQueryResult } from '@tanstack/react-query';
import { CircleAlert, CloudOff, Lock, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { ApiProblem } from '../../sdk/problem.ts';
import { useLiveState } from '../app/live.ts';
import { useMe } from '../app/permissions.ts';
import { useReadsHeldUntil } from '../app/request-pace.ts';
import { formatMoment } from '../lib/format.ts';
import { Button } from './button.tsx';
import styles from './states.module.css';

/** Shown while something is fetched for the first time: lines in place of the text to come. */
export function Loading({ label = 'Loading', lines = 4 }: { label?: string; lines?: number }) {
  const heldUntil = useReadsHeldUntil();
  return (
    <div className={styles.loading} role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: lines }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are alike
        <span key={index} className={styles.line} aria-hidden="true" />
      ))}
      {heldUntil !== null && (
        <span className="small muted">
          This minute’s requests of your organisation’s plan are used up. It goes on by itself at {timeOfDay(heldUntil)}
          .
        </span>
      )}
    </div>
  );
}

function timeOfDay(at: number): string {
  return new Date(at).toLocaleTimeString('en-US', { timeStyle: 'medium' });
}

/** Nothing is there yet: what would be, and the one thing to do about it. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className={styles.state}>
      <h2>{title}</h2>
      {children && <p className="muted">{children}</p>}
      {action}
    </div>
  );
}

/** The person's role does not reach this; while it is not known yet, that is told instead. */
export function NoPermission({ what, needs }: { what: string; needs?: string }) {
  const me = useMe();
  if (me.data === undefined && !isRefused(me.error)) {
    return me.error ? <ErrorState error={me.error} onRetry={() => void me.refetch()} /> : <Loading lines={6} />;
  }
  return (
    <div className={styles.state}>
      <Lock size={24} aria-hidden="true" />
      <h2>Your role may not see {what}</h2>
      <p className="muted">
        Ask an administrator of your organisation{needs ? ` for a role with the permission ${needs}` : ''}.
      </p>
    </div>
  );
}

function isRefused(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 403;
}

/** What went wrong, with the request's id for whoever looks into the log. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (isRefused(error)) return <NoPermission what="this" />;
  return (
    <div className={styles.state} role="alert">
      {isAway(error) ? <CloudOff size={24} aria-hidden="true" /> : <CircleAlert size={24} aria-hidden="true" />}
      <h2>{isAway(error) ? 'The server does not answer' : 'This did not work'}</h2>
      <p className="muted">{messageOf(error)}</p>
      {error instanceof ApiProblem && error.requestId && <p className="small muted">Request {error.requestId}</p>}
      {onRetry && (
        <Button icon={<RefreshCw size={16} />} onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

const SERVER_AWAY = 'The server does not answer just now. What you typed is kept; try again in a moment.';

/** What to tell a person about an error. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiProblem) {
    // Not the API's own words but a proxy's, which nobody can act on.
    if (isAway(error) && error.requestId === null) return SERVER_AWAY;
    const fields = error.errors.map(({ field, message }) => `${field}: ${message}`);
    return [error.message, ...fields].join(' · ');
  }
  if (error instanceof TypeError) return 'There is no connection. What you typed is kept; try again when it is back.';
  return error instanceof Error ? error.message : String(error);
}

/** Whether the server could not be reached at all, or is busy. */
export function isAway(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof ApiProblem && error.status >= 502);
}

interface QueryViewProps<T> {
  query: Shown<T>;
  children: (data: T) => ReactNode;
  /** What is loaded, for screen readers. */
  label?: string;
  lines?: number;
  /** Whether the data are nothing, and what to show then. */
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
}

/**
 * The states of an answer: loading, error, no permission, empty, there. Data that could not be renewed stay on the
 * screen, marked with their time.
 */
export function QueryView<T>({ query, children, label, lines, isEmpty, empty }: QueryViewProps<T>) {
  const { data, error, isPending, dataUpdatedAt, refetch } = query;
  if (data === undefined || data === null) {
    if (isPending) return <Loading label={label} lines={lines} />;
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  if (isRefused(error)) return <ErrorState error={error} />;
  return (
    <>
      <StaleMark error={error} updatedAt={dataUpdatedAt} onRetry={() => void refetch()} />
      {isEmpty?.(data) ? empty : children(data)}
    </>
  );
}

type Shown<T> = Pick<UseQueryResult<T, unknown>, 'data' | 'error' | 'isPending' | 'dataUpdatedAt'> & {
  refetch(): unknown;
};

/** Two answers that are shown together as one: there when both are, failed when one is; trying again asks what failed. */
export function joined<A, B>(first: Shown<A>, second: Shown<B>): Shown<readonly [A, B]> {
  const both = [first, second] as const;
  const isThere = first.data !== undefined && second.data !== undefined;
  const error = first.error ?? second.error;
  return {
    data: isThere ? [first.data as A, second.data as B] : undefined,
    error,
    isPending: !error && both.some((one) => one.isPending),
    dataUpdatedAt: Math.min(...both.map((one) => one.dataUpdatedAt)),
    refetch: () => {
      const failed = both.filter((one) => one.error);
      for (const one of failed.length > 0 ? failed : both) one.refetch();
    },
  };
}

/** Says that figures are not the newest: the last request failed, or the stream of events is cut. */
export function StaleMark({ error, updatedAt, onRetry }: { error: unknown; updatedAt: number; onRetry: () => void }) {
  const { status } = useLiveState();
  if (!error && status !== 'cut') return null;
  return (
    <div className={styles.stale} role="status">
      <CloudOff size={14} aria-hidden="true" />
      <span>
        As of {formatMoment(updatedAt)}. {error ? messageOf(error) : 'Live updates are interrupted.'}
      </span>
      <Button size="small" variant="quiet" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
