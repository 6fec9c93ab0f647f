import { createValuers } from '../activities/score/value.ts';
import { createModelCache } from '../activities/score/value-models.ts';
import type { ValueProperty } from '../activities/score/valuers.ts';
import type { Counties } from '../config/county-index.ts';
import { createAvmRoom } from '../workers/avm.ts';
import type { CommandContext } from './context.ts';
import { openModelStore } from './model-store.ts';

/** Longest wait for a model while the command's transaction is open: below its idle limit. */
const PATIENCE_MS = 20_000;

/** Values a property as the workers do, for a command that only looks: nothing is recorded. */
export function readOnlyValuer(context: CommandContext, counties: Counties): ValueProperty {
  const { logger, output, settings } = context;
  const avm = createAvmRoom(settings, { onProgress: (message) => output.progress(message) });
  const models = createModelCache({ storage: openModelStore(settings), avm, logger, patienceMs: PATIENCE_MS });
  return createValuers({ models, counties, logger, isRecorded: false }).valueProperty;
}
