import type { CampaignDraft } from './campaign-draft.ts';

/** What keeps drafts: the browser's local storage. */
export interface DraftStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const PREFIX = 'reos.campaign-draft';

/** Where a draft is kept on this device: one for each user and campaign; `new` for the one that is not stored yet. */
export function draftKey(userId: string, campaign: string): string {
  return `${PREFIX}.${userId}.${campaign}`;
}

/** The draft that was left, completed with what drafts have gained since; null when there is none. */
export function readDraft(
  store: Pick<DraftStore, 'getItem'>,
  key: string,
  initial: CampaignDraft,
): CampaignDraft | null {
  const text = store.getItem(key);
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== 'object' || kept === null || !Array.isArray((kept as CampaignDraft).steps)) return null;
    return { ...initial, ...(kept as CampaignDraft) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Keeps a draft on this device; where there is no room for it, it is in the form alone. */
export function keepDraft(store: Pick<DraftStore, 'setItem'>, key: string, draft: CampaignDraft): boolean {
  try {
    store.setItem(key, JSON.stringify(draft));
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

/** Forgets a draft. */
export function dropDraft(store: Pick<DraftStore, 'removeItem'>, key: string): void {
  store.removeItem(key);
}
