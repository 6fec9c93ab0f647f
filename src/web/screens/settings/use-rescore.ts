import { useState } from 'react';
import { api } from '../../app/api.ts';

const KEY = 'reos.rescore.run';

/** A run that scores all properties again: started here, and followed after a reload of this tab. */
export function useRescore() {
  const [runId, setRunId] = useState(() => sessionStorage.getItem(KEY));
  const start = api.useMutation('post', '/api/v1/rescores', {
    onSuccess: ({ run_id: started }) => {
      sessionStorage.setItem(KEY, started);
      setRunId(started);
    },
  });
  return {
    runId,
    isStarting: start.isPending,
    error: start.error,
    /** `outdated`: only what other weights, an older model, older facts or fewer sales made. */
    begin: (outdated: boolean) => start.mutate({ body: { outdated } }),
  };
}
