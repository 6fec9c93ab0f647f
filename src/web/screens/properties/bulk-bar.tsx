import { useQueryClient } from '@tanstack/react-query';
import { Ban, DatabaseZap, Download, MailCheck, RefreshCw, Tag, UserPlus, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useMay } from '../../app/permissions.ts';
import { beginWork, keepOutcome, useOutcome, useWork } from '../../app/works.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { afterUndo } from './after-undo.ts';
import { waitingWords } from './bulk.ts';
import styles from './bulk-bar.module.css';
import { ApproveDialog, AssignDialog, EnrichDialog, SuppressDialog, TagDialog } from './bulk-dialogs.tsx';
import { FailuresDialog } from './bulk-failures.tsx';
import { type Deed, type DeedResult, perform } from './deeds.ts';
import { MOST_SELECTED } from './use-list.ts';
import { WorkBar } from './work-bar.tsx';

const DOING: Record<Deed['kind'], string> = {
  tag: 'Tagging',
  assign: 'Assigning',
  approve: 'Approving outreach for',
  're-score': 'Asking for new scores of',
  're-enrich': 'Asking the sources about',
  suppress: 'Suppressing',
  export: 'Exporting',
};
const DONE: Record<Deed['kind'], string> = {
  tag: 'tagged',
  assign: 'assigned',
  approve: 'approved for outreach',
  're-score': 'will be scored again',
  're-enrich': 'will be asked about again',
  suppress: 'suppressed',
  export: 'exported',
};

interface BulkBarProps {
  selected: ReadonlySet<string>;
  onSelect: (ids: ReadonlySet<string>) => void;
  /** What a property is called, for those that failed. */
  nameOf: (id: string) => string;
  /** How many fit the filters, when more than are selected although every loaded row is; otherwise null. */
  more: number | null;
  /** Selects those that are not loaded, too. */
  onSelectAll: () => Promise<void>;
}

/** The store's name of this work, and what it keeps of one that did not wholly work. */
const WORK = 'properties';
interface Failed {
  deed: Deed;
  result: DeedResult;
}

type Asked = 'tag' | 'assign' | 'approve' | 're-enrich' | 'suppress';

/** What can be done to the selected properties, how far it is, and what failed. */
export function BulkBar({ selected, onSelect, nameOf, more, onSelectAll }: BulkBarProps) {
  const may = useMay();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked | null>(null);
  const running = useWork(WORK);
  const failed = useOutcome<Failed>(WORK);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const renew = () => queries.invalidateQueries({ predicate: ({ queryKey }) => isAbout(queryKey[1]) });

  const begin = async (deed: Deed, ids: readonly string[]) => {
    setAsked(null);
    keepOutcome(WORK, undefined);
    const work = beginWork({ key: WORK, words: DOING[deed.kind], to: '/properties', total: ids.length });
    try {
      const result = await perform(deed, ids, {
        signal: work.signal,
        onProgress: ({ done, failures }) => work.update({ done, failed: failures.length }),
        onWaiting: (error) => work.update({ waitsFor: waitingWords(error) }),
      });
      const { undo } = result;
      if (result.failures.length > 0) {
        keepOutcome(WORK, { deed, result } satisfies Failed);
        const count = properties(result.failures.length);
        if (!isHere.current) showToast(`${count} not ${DONE[deed.kind]}: see Properties for why`, { isError: true });
      }
      if (result.succeeded.length > 0) {
        showToast(`${properties(result.succeeded.length)} ${DONE[deed.kind]}${stopped(result)}`, {
          ...(undo && { undo: () => void undo().then(renew, reportError) }),
        });
      }
      // What did not work, or was not begun, stays selected.
      onSelect(new Set([...result.failures.map(({ id }) => id), ...result.left]));
      await renew();
    } catch (error) {
      showToast(messageOf(error), { isError: true });
    } finally {
      work.end();
    }
  };
  if (running !== undefined) return <WorkBar work={running} />;
  const ids = [...selected];
  const close = () => setAsked(null);
  const count = properties(ids.length);
  const act = (deed: Deed) => {
    if (deed.kind !== 'suppress') return void begin(deed, ids);
    // There is no way back from it, so it begins after a time in which it can be stopped.
    setAsked(null);
    afterUndo(`${count} ${ids.length === 1 ? 'is' : 'are'} about to be suppressed.`, () => begin(deed, ids));
  };
  return (
    <>
      {selected.size > 0 && (
        <section className={styles.bar} aria-label={`${count} selected`}>
          <b className={styles.count}>{formatCount(selected.size)} selected</b>
          {more !== null && <SelectAll count={more} onSelectAll={onSelectAll} />}
          {may('timeline:update') && (
            <>
              <Button size="small" icon={<Tag size={14} />} onClick={() => setAsked('tag')}>
                Tag
              </Button>
              <Button size="small" icon={<UserPlus size={14} />} onClick={() => setAsked('assign')}>
                Assign
              </Button>
            </>
          )}
          {may('outreach:approve') && (
            <Button size="small" icon={<MailCheck size={14} />} onClick={() => setAsked('approve')}>
              Approve outreach
            </Button>
          )}
          {may('properties:update') && (
            <Button size="small" icon={<RefreshCw size={14} />} onClick={() => act({ kind: 're-score' })}>
              Re-score
            </Button>
          )}
          {may('properties:update') && (
            <Button size="small" icon={<DatabaseZap size={14} />} onClick={() => setAsked('re-enrich')}>
              Enrich again
            </Button>
          )}
          {may('properties:export') && (
            <Button size="small" icon={<Download size={14} />} onClick={() => act({ kind: 'export' })}>
              Export CSV
            </Button>
          )}
          {may('properties:update') && (
            <Button size="small" variant="danger" icon={<Ban size={14} />} onClick={() => setAsked('suppress')}>
              Suppress
            </Button>
          )}
          <Button
            size="small"
            variant="quiet"
            icon={<X size={14} />}
            aria-label="Select none"
            title="Select none"
            onClick={() => onSelect(new Set())}
          />
        </section>
      )}
      {asked === 'tag' && <TagDialog count={count} onClose={close} onAct={act} />}
      {asked === 'assign' && <AssignDialog count={count} onClose={close} onAct={act} />}
      {asked === 'approve' && <ApproveDialog count={count} onClose={close} onAct={act} />}
      {asked === 're-enrich' && <EnrichDialog count={count} onClose={close} onAct={act} />}
      {asked === 'suppress' && <SuppressDialog count={count} onClose={close} onAct={act} />}
      {failed && (
        <FailuresDialog
          what={DONE[failed.deed.kind]}
          failures={failed.result.failures}
          nameOf={nameOf}
          onClose={() => keepOutcome(WORK, undefined)}
          onAgain={() =>
            void begin(
              failed.deed,
              failed.result.failures.map(({ id }) => id),
            )
          }
        />
      )}
    </>
  );
}

function SelectAll({ count, onSelectAll }: { count: number; onSelectAll: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    try {
      await onSelectAll();
    } catch (error) {
      showToast(messageOf(error), { isError: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" variant="quiet" busy={isBusy} onClick={() => void press()}>
      {count > MOST_SELECTED ? `Select the first ${formatCount(MOST_SELECTED)}` : `Select all ${formatCount(count)}`}
    </Button>
  );
}

function isAbout(path: unknown): boolean {
  return typeof path === 'string' && (path.startsWith('/api/v1/properties') || path.startsWith('/api/v1/tags'));
}

function stopped({ left }: DeedResult): string {
  return left.length === 0 ? '' : `; stopped before ${formatCount(left.length)}`;
}

function properties(count: number): string {
  return count === 1 ? '1 property' : `${formatCount(count)} properties`;
}
