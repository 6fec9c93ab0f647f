import { covers } from '../../domain/policy.ts';
import { api } from './api.ts';

/** Who is signed in, with permissions and tenant. */
export function useMe() {
  return api.useQuery('get', '/api/v1/auth/me', {}, { staleTime: 300_000 });
}

/** Whether the person may do it (`noun:verb`); false until it is known. The API decides: this only spares a refusal. */
export function useMay(): (action: string) => boolean {
  const { data } = useMe();
  return (action) => data !== undefined && covers(data.permissions, action);
}
