import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { take } from '../../../sdk/client.ts';
import { client, type Schemas } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { forgetDraft, keepDraft, readDraft } from './draft.ts';
import { MentionField } from './mention-field.tsx';
import { editable, type Person, storable } from './mention-text.ts';
import { useRefreshProperty } from './queries.ts';
import styles from './timeline.module.css';

interface ComposerProps {
  propertyId: string;
  /** The comment that it answers. */
  parentId?: string;
  /** The comment that it changes. */
  edited?: Schemas['Comment'];
  onDone?: () => void;
}

/** Writes, answers or changes a comment. What is typed stays until it has been taken, also over a reload. */
export function Composer({ propertyId, parentId, edited, onDone }: ComposerProps) {
  const draftName = `${propertyId}/${edited?.id ?? parentId ?? 'new'}`;
  const [draft, setDraft] = useState(
    () => readDraft(draftName) ?? (edited ? editable(edited.body ?? '') : { text: '', people: [] as Person[] }),
  );
  const form = useRef<HTMLFormElement>(null);
  const refresh = useRefreshProperty(propertyId);
  const change = (next: { text: string; people: Person[] }) => {
    setDraft(next);
    keepDraft(draftName, next);
  };
  const write = useMutation({
    mutationFn: (text: string): Promise<unknown> =>
      edited
        ? take(client.PATCH('/api/v1/comments/{id}', { params: { path: { id: edited.id } }, body: { body: text } }))
        : take(
            client.POST('/api/v1/properties/{id}/comments', {
              params: { path: { id: propertyId } },
              body: { body: text, ...(parentId && { parent_id: parentId }) },
            }),
          ),
    onSuccess: (_, text) => {
      forgetDraft(draftName);
      setDraft({ text: '', people: [] });
      refresh('comments', 'timeline');
      onDone?.();
      // The button rests now that there is nothing to send: the keys go on in the empty field.
      const at = document.activeElement;
      if (at === document.body || form.current?.contains(at)) form.current?.querySelector('textarea')?.focus();
      if (edited) {
        const before = edited.body ?? '';
        const undo = () => void restore(edited.id, before, () => refresh('comments'));
        if (text !== before) showToast('Comment changed.', { undo });
      }
    },
  });
  const send = () => {
    if (draft.text.trim() !== '' && !write.isPending) write.mutate(storable(draft.text.trim(), draft.people));
  };
  const label = edited ? 'Change the comment' : parentId ? 'Answer' : 'Comment';
  return (
    <form
      ref={form}
      className={styles.composer}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <MentionField
        label={label}
        text={draft.text}
        people={draft.people}
        isFocused={edited !== undefined || parentId !== undefined}
        error={write.error ? messageOf(write.error) : undefined}
        onChange={change}
        onSend={send}
      />
      <div className="row">
        <Button type="submit" size="small" variant="primary" busy={write.isPending} disabled={draft.text.trim() === ''}>
          {edited ? 'Save' : parentId ? 'Answer' : 'Comment'}
        </Button>
        {onDone && (
          <Button
            size="small"
            onClick={() => {
              forgetDraft(draftName);
              onDone();
            }}
          >
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

async function restore(commentId: string, body: string, done: () => void): Promise<void> {
  try {
    await take(client.PATCH('/api/v1/comments/{id}', { params: { path: { id: commentId } }, body: { body } }));
  } catch (error) {
    showToast(messageOf(error), { isError: true });
  }
  done();
}
