/** What is typed and not stored yet, and shared by all tabs: the beginnings of its keys; the user's id follows. */
const SHARED = ['reos.campaign-draft.', 'reos.template-draft.'];

/** Which keys hold drafts that are not the user's; all drafts, where nobody is signed in. */
export function foreignDrafts(keys: readonly string[], userId: string | undefined): string[] {
  return keys.filter((key) =>
    SHARED.some((prefix) => key.startsWith(prefix) && (userId === undefined || !key.startsWith(`${prefix}${userId}.`))),
  );
}
