import type { AvmRoom } from '../activities/score/value-deps.ts';
import { reosHome } from '../runtime/home.ts';
import { findLightGbm } from '../runtime/lightgbm.ts';
import type { Settings } from '../settings.ts';

/**
 * The valuation models over the library of this installation. Neither the library nor the code around it is touched
 * before a model is trained or opened; a library that is not here yet is fetched once then.
 */
export function createAvmRoom(
  settings: Pick<Settings, 'home' | 'env'>,
  onProgress?: (message: string) => void,
): AvmRoom {
  let path: Promise<string> | undefined;
  const libraryPath = (): Promise<string> => {
    path ??= findLightGbm({ home: reosHome(settings.home), env: settings.env, onProgress }).then(
      (found) => found.path,
      (error: unknown) => {
        // Asked again the next time: the network or a package may have come back.
        path = undefined;
        throw error;
      },
    );
    return path;
  };
  return {
    train: async (data, options) => {
      const [{ trainAvm }, library] = await Promise.all([import('../avm/train.ts'), libraryPath()]);
      return trainAvm(data, { ...options, libraryPath: library });
    },
    open: async (artifact) => {
      const [{ openAvm }, library] = await Promise.all([import('../avm/model.ts'), libraryPath()]);
      return openAvm(artifact, library);
    },
  };
}
