import { useQueryClient } from '@tanstack/react-query';

/** Has everything about webhooks asked again. */
export function useRenewWebhooks(): () => void {
  const queries = useQueryClient();
  return () =>
    void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/v1/webhooks') });
}
