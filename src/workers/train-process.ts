import { messageOf, ReosError } from '../domain/errors.ts';
import type { SalesData } from '../domain/valuation/sale-record.ts';

/** What the parent sends: one training. */
export interface TrainingRequest {
  data: SalesData;
  options: {
    market: string;
    seed: number;
    testAfter?: string;
    testShare?: number;
    trials?: number;
    libraryPath: string;
  };
}

/** What the child answers: progress, then the model or why there is none. */
export type TrainingAnswer =
  | { kind: 'progress'; message: string }
  | { kind: 'trained'; trained: unknown }
  | { kind: 'failed'; code: string; message: string };

/** One training in a process of its own: its reckoning would keep a worker from answering. */
async function main(request: TrainingRequest): Promise<void> {
  try {
    const { trainAvm } = await import('../avm/train.ts');
    const onProgress = (message: string) => void process.send?.({ kind: 'progress', message } satisfies TrainingAnswer);
    const trained = await trainAvm(request.data, { ...request.options, onProgress });
    answer({ kind: 'trained', trained });
  } catch (error) {
    answer({ kind: 'failed', code: error instanceof ReosError ? error.code : 'internal', message: messageOf(error) });
  }
}

function answer(last: TrainingAnswer): void {
  process.send?.(last, undefined, undefined, () => process.disconnect());
}

process.once('message', (request: TrainingRequest) => void main(request));
