import { RefreshCw } from 'lucide-react';
import { formatCount, formatMoment } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import styles from './properties.module.css';
import type { useList } from './use-list.ts';

/** How many there are, as of when; that they are being renewed. */
export function Summary({ list }: { list: ReturnType<typeof useList> }) {
  if (list.total === undefined) return <>Looking…</>;
  const count = `${list.isEstimate ? 'about ' : ''}${formatCount(list.total)} ${list.total === 1 ? 'property' : 'properties'}`;
  return (
    <span role="status">
      {list.isRenewing ? `Looking… (${count} before)` : count}
      {!list.isRenewing && (
        <span className={classNames('small', styles.asOf)}> · as of {formatMoment(list.updatedAt)}</span>
      )}
      {list.hasMoved && (
        <Button size="small" variant="quiet" icon={<RefreshCw size={13} />} onClick={list.refetch}>
          The order has changed: renew
        </Button>
      )}
    </span>
  );
}
