import { useEffect, useState } from 'react';
import { ApiProblem } from '../../../sdk/problem.ts';
import { api } from '../../app/api.ts';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { isOnlySaved, type ListState, readParams } from './search-params.ts';

/**
 * Opens the saved search that an address names without its filter, as notifications and mails do: its filter, order and meaning
 * are put into the address. True while it is not known what the list is of.
 */
export function useSavedSearch(
  state: ListState,
  onLoad: (loaded: Pick<ListState, 'filter' | 'sort' | 'saved'> & { meaning: string | undefined }) => void,
): boolean {
  const [doneId, setDone] = useState<string>();
  const { saved = '' } = state;
  const isWanted = isOnlySaved(state) && doneId !== saved;
  const { data, error } = api.useQuery(
    'get',
    '/api/v1/saved-searches/{id}',
    { params: { path: { id: saved } } },
    { enabled: isWanted },
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is loaded once
  useEffect(() => {
    if (!isWanted) return;
    if (data !== undefined && data.id === saved) {
      setDone(saved);
      const { filter, sort, meaning } = readParams(data.filter);
      onLoad({ filter, sort, meaning, saved });
    } else if (error !== null) {
      setDone(saved);
      const isGone = (error as unknown) instanceof ApiProblem && (error as unknown as ApiProblem).status === 404;
      showToast(isGone ? 'That saved search is gone. These are all properties.' : messageOf(error), { isError: true });
      onLoad({ filter: {}, sort: state.sort, meaning: undefined, saved: undefined });
    }
  }, [isWanted, data, error, saved]);
  return isWanted;
}
