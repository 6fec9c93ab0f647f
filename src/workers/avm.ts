import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { AvmRoom, Training } from '../activities/score/value-deps.ts';
import { type ErrorCode, ReosError } from '../domain/errors.ts';
import { reosHome } from '../runtime/home.ts';
import { findLightGbm } from '../runtime/lightgbm.ts';
import type { Settings } from '../settings.ts';
import type { TrainingAnswer, TrainingRequest } from './train-process.ts';

/** How the room works. */
export interface AvmRoomOptions {
  onProgress?: (message: string) => void;
  /** Train in a process of its own, so that this one goes on answering meanwhile. */
  isolated?: boolean;
}

/**
 * The valuation models over the library of this installation. Neither the library nor the code around it is touched
 * before a model is trained or opened; a library that is not here yet is fetched once then.
 */
export function createAvmRoom(settings: Pick<Settings, 'home' | 'env'>, options: AvmRoomOptions = {}): AvmRoom {
  let path: Promise<string> | undefined;
  const libraryPath = (): Promise<string> => {
    const found = { home: reosHome(settings.home), env: settings.env, onProgress: options.onProgress };
    path ??= findLightGbm(found).then(
      (library) => library.path,
      (error: unknown) => {
        // Asked again the next time: the network or a package may have come back.
        path = undefined;
        throw error;
      },
    );
    return path;
  };
  return {
    train: async (data, { onProgress, ...wanted }) => {
      const request = { data, options: { ...wanted, libraryPath: await libraryPath() } };
      if (options.isolated === true) return trainApart(request, onProgress);
      const { trainAvm } = await import('../avm/train.ts');
      return trainAvm(data, { ...request.options, onProgress });
    },
    open: async (artifact) => {
      const [{ openAvm }, library] = await Promise.all([import('../avm/model.ts'), libraryPath()]);
      return openAvm(artifact, library);
    },
  };
}

function trainApart(request: TrainingRequest, onProgress?: (message: string) => void): Promise<Training> {
  const child = fork(fileURLToPath(new URL('./train-process.ts', import.meta.url)), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    // Keeps numbers that JSON has no word for, and bytes as bytes.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const end = (code: number | null, signal: string | null) =>
      reject(
        new ReosError(
          'transient',
          `The training's process ended early (${signal ?? `exit code ${code}`}). It is tried again.`,
        ),
      );
    child.once('error', reject);
    child.once('exit', end);
    child.on('message', (message: TrainingAnswer) => {
      if (message.kind === 'progress') onProgress?.(message.message);
      else if (message.kind === 'trained') resolve(withBuffer(message.trained as Training));
      else if (message.code === 'internal') reject(new Error(message.message));
      else reject(new ReosError(message.code as ErrorCode, message.message));
    });
    child.send(request);
  });
}

/** Bytes that came through the channel as plain bytes. */
const withBuffer = (trained: Training): Training => ({ ...trained, artifact: Buffer.from(trained.artifact) });
