import type { CampaignDraft } from './campaign-draft.ts';

/** What keeps drafts: the browser's local storage. */
export interface DraftStore {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A draft of another tab, or of one that was closed. */
export interface OtherDraft {
  key: string;
  draft: CampaignDraft;
  /** Ms since 1970. */
  savedAt: number;
}

const PREFIX = 'reos.campaign-draft';
const TAB_MARK = '~';
/** What nobody took up for so long is forgotten. */
const KEPT_MS = 30 * 86_400_000;

/**
 * Where a draft is kept on this device: one for each user, campaign and tab, so that two tabs do not write over each other;
 * `new` for a campaign that is not stored yet.
 */
export function draftKey(userId: string, campaign: string, tab: string): string {
  return `${PREFIX}.${userId}.${campaign}${TAB_MARK}${tab}`;
}

/** The draft that was left, completed with what drafts have gained since; null when there is none. */
export function readDraft(
  store: Pick<DraftStore, 'getItem'>,
  key: string,
  initial: CampaignDraft,
): CampaignDraft | null {
  return readKept(store, key, initial)?.draft ?? null;
}

/** Drafts of the same campaign from other tabs, the newest first; those that are too old are forgotten. */
export function otherDrafts(store: DraftStore, key: string, initial: CampaignDraft, now: number): OtherDraft[] {
  const base = key.slice(0, key.lastIndexOf(TAB_MARK) + 1);
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index) ?? '');
  const others: OtherDraft[] = [];
  for (const other of keys.filter((one) => one !== key && one.startsWith(base))) {
    const kept = readKept(store, other, initial);
    if (kept === null || now - kept.savedAt > KEPT_MS) store.removeItem(other);
    else others.push({ key: other, ...kept });
  }
  return others.sort((a, b) => b.savedAt - a.savedAt);
}

/** Keeps a draft on this device; where there is no room for it, it is in the form alone. */
export function keepDraft(
  store: Pick<DraftStore, 'setItem'>,
  key: string,
  draft: CampaignDraft,
  now: number = Date.now(),
): boolean {
  try {
    store.setItem(key, JSON.stringify({ draft, savedAt: now }));
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

function readKept(
  store: Pick<DraftStore, 'getItem'>,
  key: string,
  initial: CampaignDraft,
): { draft: CampaignDraft; savedAt: number } | null {
  const text = store.getItem(key);
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as { draft?: Partial<CampaignDraft>; savedAt?: unknown } | null;
    if (!Array.isArray(kept?.draft?.steps) || typeof kept.savedAt !== 'number') return null;
    return { draft: { ...initial, ...kept.draft }, savedAt: kept.savedAt };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
