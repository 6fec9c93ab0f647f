import { foreignDrafts } from './draft-keys.ts';
import { onUserChange, readSession } from './session.ts';

/** What is typed and not stored yet in this tab alone, by the beginnings of its keys. */
const OF_TAB = ['reos.draft.', 'reos.deal.', 'reos.upload.columns.', 'reos.rescore.'];
const OWNER = 'reos.owner';
const TAB = 'reos.tab';

let tab: string | undefined;

/**
 * The name of this tab, the same after a reload. A copy of the tab has another: the name is kept in the tab's own storage,
 * which a copy takes along, only while the page is left.
 */
export function tabName(): string {
  if (tab === undefined) {
    tab = sessionStorage.getItem(TAB) ?? Math.random().toString(36).slice(2, 10);
    sessionStorage.removeItem(TAB);
    window.addEventListener('pagehide', () => sessionStorage.setItem(TAB, tab ?? ''));
    window.addEventListener('pageshow', () => sessionStorage.removeItem(TAB));
  }
  return tab;
}

/** Keeps drafts to whom they belong: signing out forgets them, and the next person on this device or tab finds none. */
export function guardDrafts(): void {
  const guard = () => {
    const userId = readSession()?.session.user.id;
    for (const key of foreignDrafts(Object.keys(localStorage), userId)) localStorage.removeItem(key);
    if (sessionStorage.getItem(OWNER) !== (userId ?? null)) {
      const own = Object.keys(sessionStorage).filter((key) => OF_TAB.some((prefix) => key.startsWith(prefix)));
      for (const key of own) sessionStorage.removeItem(key);
    }
    if (userId === undefined) sessionStorage.removeItem(OWNER);
    else sessionStorage.setItem(OWNER, userId);
  };
  guard();
  onUserChange(guard);
}
