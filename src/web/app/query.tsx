import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister';
import { QueryClient } from '@tanstack/react-query';
import { type PersistedClient, PersistQueryClientProvider } from '@tanstack/react-query-persist-client';
import { del, get, set } from 'idb-keyval';
import { type ReactNode, useMemo } from 'react';
import { ApiProblem } from '../../sdk/problem.ts';
import { asHeardLast, askAgainMs, withoutFailures } from './kept-answers.ts';
import { pollMs } from './live-paths.ts';
import { onUserChange, readSession, useSession } from './session.ts';

const DAY_MS = 86_400_000;

/** Answers of the API: kept for a day, so that what was opened can be read without the server. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: DAY_MS,
      // What is wrong with a request stays wrong; a server that is away is tried twice more, unless the network is, too.
      retry: (failures, error) =>
        failures < 2 && navigator.onLine && !(error instanceof ApiProblem && error.status < 500),
      // A server that comes back is noticed without anybody pressing a button.
      refetchInterval: ({ state, queryKey }) => askAgainMs(state.error) || (state.error === null && pollMs(queryKey)),
      refetchOnWindowFocus: true,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

// Answers belong to whom they were given: the next person starts with none.
onUserChange(() => queryClient.clear());

/** Keeps answers on this device, apart for each user, and gone when the user signs out. */
export function CachedQueries({ children }: { children: ReactNode }) {
  const userId = useSession()?.session.user.id ?? 'nobody';
  const persister = useMemo(
    () =>
      createAsyncStoragePersister({
        storage: {
          getItem: (key) => get(key),
          // A write that was put off until after the sign-out is not made any more.
          setItem: async (key, value) => {
            if (readSession()?.session.user.id === userId) await set(key, value);
          },
          removeItem: (key) => del(key),
        },
        key: cacheKey(userId),
        serialize: (kept) => JSON.stringify(withoutFailures(kept)),
        deserialize: (text) => asHeardLast(JSON.parse(text) as PersistedClient),
        throttleTime: 2_000,
      }),
    [userId],
  );
  return (
    <PersistQueryClientProvider
      key={userId}
      client={queryClient}
      persistOptions={{
        persister,
        maxAge: DAY_MS,
        buster: userId,
        dehydrateOptions: { shouldDehydrateQuery: (query) => query.state.data !== undefined },
      }}
    >
      {children}
    </PersistQueryClientProvider>
  );
}

/** Forgets every kept answer, in memory and on this device. */
export async function forgetAnswers(userId: string): Promise<void> {
  queryClient.clear();
  await del(cacheKey(userId));
}

function cacheKey(userId: string): string {
  return `reos.answers.${userId}`;
}
