import { api, type Schemas } from '../../app/api.ts';
import { queryClient } from '../../app/query.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import type { useRescore } from './use-rescore.ts';
import type { Changes } from './weight-shares.ts';

/** The weights that count, and how they came about. */
export type Counting = Schemas['WeightsInUse'];

/** Sets weights of the whole organisation and has the properties scored by them; each change can be taken back. */
export function useSetWeights(counts: Counting, rescore: ReturnType<typeof useRescore>) {
  const change = api.useMutation('post', '/api/v1/scoring/weights');
  const restore = api.useMutation('post', '/api/v1/scoring/weights/{number}/restore');
  const former = numberInUse(counts);
  const begun = (message: string, undo?: () => void) => {
    void queryClient.invalidateQueries({ queryKey: ['get', '/api/v1/scoring/weights'] });
    rescore.begin(true);
    showToast(message, undo && { undo });
  };
  const failed = (error: unknown) => showToast(messageOf(error), { isError: true });
  const goBack = (number: number, undo?: () => void) =>
    restore.mutate(
      { params: { path: { number } }, body: {} },
      {
        onSuccess: ({ version }) => begun(`The weights ${version} count again. Properties are scored by them.`, undo),
        onError: failed,
      },
    );
  return {
    isBusy: change.isPending || restore.isPending,
    /** @param basedOn the version that the changes were tried on */
    apply: (weights: Changes, note: string, basedOn: string, onApplied: () => void) =>
      change.mutate(
        { body: { weights: { ...weights }, based_on: basedOn, ...(note.trim() && { note: note.trim() }) } },
        {
          onSuccess: ({ version }) => {
            onApplied();
            begun(`The weights ${version} count now. Properties are scored by them.`, () => goBack(former));
          },
          onError: failed,
        },
      ),
    restore: (number: number) => goBack(number, () => goBack(former)),
  };
}

/** The number of the weights that count: 0 for those of the configuration. */
export function numberInUse({ items: [newest] }: Counting): number {
  return newest === undefined ? 0 : (newest.restored ?? newest.number);
}
