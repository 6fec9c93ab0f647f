import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { formatCount } from '../../lib/format.ts';
import { Card } from '../../ui/page.tsx';
import { Loading, messageOf } from '../../ui/states.tsx';
import type { AttentionItem } from './attention-kinds.ts';
import styles from './lists.module.css';
import { useAttention } from './queries.ts';

const ICONS = { bad: CircleAlert, warn: TriangleAlert, info: Info } as const;
const WORDS = { bad: 'Urgent', warn: 'Attention', info: 'For information' } as const;

/** What stands still until a person does something about it. */
export function Attention() {
  const { items, isPending, errors } = useAttention();
  return (
    <Card title="Needs a person" isFlush>
      {isPending && items.length === 0 && (
        <div className={styles.padded}>
          <Loading lines={3} />
        </div>
      )}
      {!isPending && items.length === 0 && errors.length === 0 && (
        <p className={styles.calm}>
          <CircleCheck size={18} aria-hidden="true" /> Nothing waits for you.
        </p>
      )}
      {items.length > 0 && (
        <ul className={styles.attention}>
          {items.map((item) => (
            <li key={item.key}>
              <AttentionLine item={item} />
            </li>
          ))}
        </ul>
      )}
      {errors.length > 0 && (
        <p className={styles.partial} role="status">
          Not everything could be asked for, so this list may be short: {messageOf(errors[0])}
        </p>
      )}
    </Card>
  );
}

function AttentionLine({ item }: { item: AttentionItem }) {
  const Icon = ICONS[item.tone];
  return (
    <Link to={item.to} search={(item.search ?? {}) as never} className={styles.attentionLine}>
      <span className={styles.tone} data-tone={item.tone}>
        <Icon size={18} aria-hidden="true" />
        <span className="visually-hidden">{WORDS[item.tone]}: </span>
      </span>
      <span className="grow">
        <span className={styles.attentionText}>
          {item.count !== null && <strong className="figures">{formatCount(item.count)} </strong>}
          {item.text}
        </span>
        {item.detail && <span className={styles.attentionDetail}>{item.detail}</span>}
      </span>
      <span className={styles.go}>{item.action}</span>
    </Link>
  );
}
