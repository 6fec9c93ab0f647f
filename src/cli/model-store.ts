import { deriveKeys, readSecret } from '../secrets.ts';
import type { Settings } from '../settings.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { openStore } from '../storage/open-store.ts';

/** The store that models are kept in: the installation's own. */
export function openModelStore(settings: Settings): ObjectStore {
  const publicUrl = settings.publicUrl ?? `http://${settings.apiHost}:${settings.ports.api}`;
  return openStore(settings, deriveKeys(readSecret(settings.home, settings.secretKey)).fileLinks, publicUrl);
}
