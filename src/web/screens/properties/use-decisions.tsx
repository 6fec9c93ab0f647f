import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { EnrichDialog } from '../property/action-dialogs.tsx';
import { answerKey } from '../property/queries.ts';
import { afterUndo } from './after-undo.ts';
import { ApproveDialog, TagDialog } from './bulk-dialogs.tsx';
import { type Deed, perform } from './deeds.ts';

type Asked = { what: 'tag' | 'approve' | 'enrich'; id: string };

interface Decisions {
  /** By key: what is decided about the property of that id. */
  keys: Readonly<Record<'t' | 'a' | 'd' | 'o' | 'p' | 'e', (id: string) => void>>;
  /** What a decision asks before it is done. */
  dialog: ReactNode;
}

/** Decisions about one property by one key each. `onPassed` is called when one is passed on, to go to the next. */
export function useDecisions(nameOf: (id: string) => string, onPassed: () => void): Decisions {
  const queries = useQueryClient();
  const may = useMay();
  const me = useMe().data?.user;
  const [asked, setAsked] = useState<Asked | null>(null);
  const renew = (id: string) =>
    queries.invalidateQueries({
      predicate: ({ queryKey: [first, second] }) =>
        (first === answerKey(id)[0] && second === id) || String(second).startsWith('/api/v1/properties'),
    });
  const tell = (error: unknown) => showToast(messageOf(error), { isError: true });
  const ifMay = (needs: string, what: string, act: (id: string) => void) => (id: string) => {
    if (may(needs)) act(id);
    else showToast(`Your role may not ${what}.`, { isError: true });
  };
  const decide = async (deed: Deed, id: string, said: string, already = said) => {
    setAsked(null);
    try {
      const { failures, undo } = await perform(deed, [id], {
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      if (failures[0] !== undefined) throw failures[0].error;
      showToast(undo ? said : already, undo ? { undo: () => void undo().then(() => renew(id), tell) } : {});
    } catch (error) {
      tell(error);
    }
    await renew(id);
  };
  const putMine = async (id: string, isDone: boolean): Promise<boolean> => {
    const path = { id, user_id: me?.id ?? '' };
    const { items } = await take(client.GET('/api/v1/properties/{id}/assignments', { params: { path } }));
    const mine = items.find(({ user_id: user, completed_at: done }) => user === me?.id && (done === null) === isDone);
    if (mine === undefined) return false;
    const body = { note: mine.note, due_at: mine.due_at, completed: isDone };
    await take(client.PUT('/api/v1/properties/{id}/assignments/{user_id}', { params: { path }, body }));
    void renew(id);
    return true;
  };
  const finish = async (id: string) => {
    try {
      if (await putMine(id, true)) {
        showToast(`${nameOf(id)} is done.`, { undo: () => void putMine(id, false).catch(tell) });
      } else {
        showToast(`${nameOf(id)} is not assigned to you. Press a to take it.`);
      }
    } catch (error) {
      tell(error);
    }
  };
  const pass = (id: string) => {
    const reason = 'Passed on while going through the list';
    const params = { path: { id } };
    const suppress = async () => {
      await take(client.POST('/api/v1/properties/{id}/suppress', { params, body: { reason }, keepalive: true }));
      await renew(id);
    };
    afterUndo(`Passed on ${nameOf(id)}: about to be left alone.`, suppress);
    onPassed();
  };
  const close = () => setAsked(null);
  const one = asked === null ? null : nameOf(asked.id);
  return {
    keys: {
      t: ifMay('timeline:update', 'tag properties', (id) => setAsked({ what: 'tag', id })),
      a: ifMay('timeline:update', 'assign properties', (id) => {
        if (me === undefined || me === null) return;
        const already = `${nameOf(id)} is yours already.`;
        void decide({ kind: 'assign', userId: me.id, userName: me.name }, id, `${nameOf(id)} is yours now.`, already);
      }),
      d: ifMay('timeline:update', 'change assignments', (id) => void finish(id)),
      o: ifMay('outreach:approve', 'approve outreach', (id) => setAsked({ what: 'approve', id })),
      p: ifMay('properties:update', 'pass on properties', pass),
      e: ifMay('properties:update', 'ask the data sources again', (id) => setAsked({ what: 'enrich', id })),
    },
    dialog: asked !== null && one !== null && (
      <>
        {asked.what === 'tag' && (
          <TagDialog
            count={one}
            onClose={close}
            onAct={(deed) => {
              const name = deed.kind === 'tag' ? deed.tagName : '';
              void decide(deed, asked.id, `Tagged “${name}”.`, `It has the tag “${name}” already.`);
            }}
          />
        )}
        {asked.what === 'approve' && (
          <ApproveDialog
            count={one}
            onClose={close}
            onAct={(deed) => void decide(deed, asked.id, `Outreach about ${one} is approved.`)}
          />
        )}
        {asked.what === 'enrich' && (
          <EnrichDialog
            onConfirm={() => decide({ kind: 're-enrich' }, asked.id, `The data sources are asked again about ${one}`)}
            onClose={close}
          />
        )}
      </>
    ),
  };
}
