import { useQuery } from '@tanstack/react-query';

/** What the dashboard's server says of this installation. */
export interface Installation {
  map_tiles: string | null;
  temporal_ui_url: string | null;
  temporal_namespace: string;
}

/** `/dashboard.json`, asked once. */
export function useInstallation() {
  return useQuery({
    queryKey: ['dashboard.json'],
    queryFn: async ({ signal }) => {
      const response = await fetch('/dashboard.json', { signal });
      if (!response.ok) throw new Error(`/dashboard.json answered ${response.status}.`);
      return (await response.json()) as Installation;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
