/** Memory outside JavaScript that one object owns. */
export type OwnedMemory = { free: () => void; isFreed: () => boolean };

const forgotten = new FinalizationRegistry<() => void>((release) => release());

/**
 * Ties memory to its owner: given back by `free`, once, or some time after nothing reaches the owner any more.
 * @param release must come from a scope that does not know the owner, or it would keep the owner alive
 */
export function ownMemory(owner: object, release: () => void): OwnedMemory {
  const token = {};
  let freed = false;
  forgotten.register(owner, release, token);
  return {
    isFreed: () => freed,
    free() {
      if (freed) return;
      freed = true;
      forgotten.unregister(token);
      release();
    },
  };
}
