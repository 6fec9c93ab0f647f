import { useEffect, useRef, useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';
import { choicesOf, type Draft, draftOf } from './columns.ts';

type ImportDetail = Schemas['ImportDetail'];

const CHECK_AFTER_MS = 500;

/**
 * What a person says about the columns of an upload. It is kept in this tab through errors and reloads, checked against
 * the whole file shortly after each change, and approved when the import is started.
 */
export function useReading(detail: ImportDetail) {
  const key = `reos.upload.columns.${detail.id}`;
  const [draft, setDraft] = useState<Draft>(() => draftOf(sessionStorage.getItem(key)));
  const [error, setError] = useState<unknown>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const mapping = api.useMutation('put', '/api/v1/imports/{id}/mapping');
  const run = api.useMutation('post', '/api/v1/imports/{id}/run');
  const path = { id: detail.id };
  const show = (answer: ImportDetail) => {
    queryClient.setQueryData(api.queryOptions('get', '/api/v1/imports/{id}', { params: { path } }).queryKey, answer);
  };
  useEffect(() => () => clearTimeout(timer.current), []);

  const check = async (said: Draft) => {
    setError(undefined);
    try {
      show(await mapping.mutateAsync({ params: { path }, body: { columns: choicesOf(said), approve: false } }));
    } catch (problem) {
      setError(problem);
    }
  };
  const approveAndRun = async () => {
    clearTimeout(timer.current);
    setError(undefined);
    try {
      const approved = await mapping.mutateAsync({
        params: { path },
        body: { columns: choicesOf(draft), approve: true },
      });
      show(approved);
      if (approved.problem !== null) return;
      show(await run.mutateAsync({ params: { path }, body: { start_lifecycles: true } }));
      sessionStorage.removeItem(key);
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/imports'], exact: false });
    } catch (problem) {
      setError(problem);
    }
  };
  return {
    draft,
    error,
    isChecking: mapping.isPending,
    isBusy: run.isPending || mapping.isPending,
    change: (next: Draft) => {
      setDraft(next);
      sessionStorage.setItem(key, JSON.stringify(next));
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void check(next), CHECK_AFTER_MS);
    },
    check: () => void check(draft),
    approveAndRun: () => void approveAndRun(),
  };
}
