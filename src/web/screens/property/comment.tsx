import { Pencil, Reply, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Schemas } from '../../app/api.ts';
import { useMay, useMe } from '../../app/permissions.ts';
import { formatAgo, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { deleteComment, useDeletions } from './comment-deletion.ts';
import { Composer } from './composer.tsx';
import { stretchesOf } from './mention-text.ts';
import styles from './timeline.module.css';

type Comment = Schemas['Comment'];

/** A comment with its answers; one's own can be changed and deleted. */
export function CommentCard({ comment, answers }: { comment: Comment; answers: readonly Comment[] }) {
  const [isAnswering, setAnswering] = useState(false);
  const mayComment = useMay()('timeline:comment');
  const deletions = useDeletions();
  const shown = answers.filter(({ id }) => !deletions.has(id));
  return (
    <div className={styles.comment}>
      <CommentText comment={comment} onAnswer={mayComment ? () => setAnswering(true) : undefined} />
      {shown.length > 0 && (
        <ul className={styles.answers} aria-label="Answers">
          {shown.map((one) => (
            <li key={one.id}>
              <CommentText comment={one} />
            </li>
          ))}
        </ul>
      )}
      {isAnswering && (
        <Composer propertyId={comment.property_id} parentId={comment.id} onDone={() => setAnswering(false)} />
      )}
    </div>
  );
}

function CommentText({ comment, onAnswer }: { comment: Comment; onAnswer?: (() => void) | undefined }) {
  const [isEditing, setEditing] = useState(false);
  const me = useMe().data;
  const may = useMay();
  const isOwn = me?.user !== undefined && me.user !== null && comment.author_id === me.user.id;
  if (comment.body === null) return <p className="muted small">This comment was deleted.</p>;
  if (isEditing) {
    return <Composer propertyId={comment.property_id} edited={comment} onDone={() => setEditing(false)} />;
  }
  return (
    <div>
      <div className="row spread">
        <span>
          <b>{comment.author_name}</b>
          {comment.kind === 'note' && <span className="muted"> · note</span>}
          <span className="muted small">
            {' · '}
            <time dateTime={comment.created_at} title={formatMoment(comment.created_at)}>
              {formatAgo(comment.created_at)}
            </time>
            {comment.edited_at && ` · changed ${formatAgo(comment.edited_at)}`}
          </span>
        </span>
        <span className="row">
          {onAnswer && (
            <Button
              size="small"
              variant="quiet"
              aria-label={`Answer ${comment.author_name}`}
              icon={<Reply size={14} />}
              onClick={onAnswer}
            />
          )}
          {isOwn && may('timeline:comment') && (
            <Button
              size="small"
              variant="quiet"
              aria-label="Change this comment"
              icon={<Pencil size={14} />}
              onClick={() => setEditing(true)}
            />
          )}
          {(isOwn || may('*')) && (
            <Button
              size="small"
              variant="quiet"
              aria-label={`Delete the comment of ${comment.author_name}`}
              icon={<Trash2 size={14} />}
              onClick={() => deleteComment(comment.id, comment.property_id)}
            />
          )}
        </span>
      </div>
      <p className={styles.text}>
        {stretchesOf(comment.body).map((stretch, index) =>
          'text' in stretch ? (
            stretch.text
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same person may be named twice
            <span key={index} className={styles.mention}>
              @{stretch.person.name}
            </span>
          ),
        )}
      </p>
    </div>
  );
}
