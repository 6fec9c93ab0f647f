import { Download } from 'lucide-react';
import { client } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { beginWork, useWork } from '../../app/works.ts';
import { formatCount } from '../../lib/format.ts';
import { saveFile } from '../../lib/save-file.ts';
import { Button } from '../../ui/button.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { exportedWords, receiveCsv, sizeWords } from './export-file.ts';
import styles from './properties.module.css';
import type { ListState } from './search-params.ts';
import type { useList } from './use-list.ts';
import { WorkBar } from './work-bar.tsx';

/** The store's name of this work. */
const WORK = 'export';
/** The screen is told so often at most. */
const TELL_MS = 500;

interface ExportAllProps {
  state: Pick<ListState, 'filter' | 'sort' | 'meaning'>;
  list: Pick<ReturnType<typeof useList>, 'rows' | 'total' | 'isEstimate' | 'isRenewing'>;
}

/** Takes everything that the list finds along as a file, in its order; not only what is on the screen or chosen. */
export function ExportAll({ state, list }: ExportAllProps) {
  const may = useMay();
  const running = useWork(WORK);
  if (!may('properties:export')) return null;
  const { total = 0, isEstimate, isRenewing } = list;
  const count = `${isEstimate ? 'about ' : ''}${formatCount(total)}`;
  return (
    <Button
      className={styles.action}
      aria-label={`Export ${count}, all that fit`}
      title={`All ${count} that fit, as CSV`}
      icon={<Download size={16} />}
      busy={running !== undefined}
      disabled={total === 0 || isRenewing}
      onClick={() => void exportAll(queryOf({ state, list }), { total, isEstimate })}
    >
      <span>Export {count}</span>
    </Button>
  );
}

/** How far the export is, while there is one. */
export function ExportBar() {
  const running = useWork(WORK);
  return running === undefined ? null : <WorkBar work={running} />;
}

/** What is asked for: the search of the list; by meaning its rows, for which there is no search. */
function queryOf({ state: { filter, sort, meaning }, list }: ExportAllProps) {
  return meaning === undefined ? { ...filter, sort } : { ids: list.rows.map(({ id }) => id).join(',') };
}

async function exportAll(query: ReturnType<typeof queryOf>, counted: { total: number; isEstimate: boolean }) {
  const work = beginWork({ key: WORK, words: 'Exporting', to: '/properties', ...counted });
  let toldAt = 0;
  let rows = 0;
  try {
    const { data } = await client.GET('/api/v1/properties/export', {
      params: { query },
      parseAs: 'stream',
      signal: work.signal,
    });
    const received = await receiveCsv(data as unknown as ReadableStream<Uint8Array>, (now) => {
      rows = now.rows;
      if (Date.now() - toldAt < TELL_MS) return;
      toldAt = Date.now();
      work.update({ done: now.rows, note: sizeWords(now, counted.total) });
    });
    saveFile('properties.csv', received.file);
    showToast(exportedWords(received, counted));
  } catch (error) {
    const after = rows === 0 ? '' : ` after ${formatCount(rows)} properties`;
    if (work.signal.aborted) showToast(`Export stopped${after}; no file was made.`);
    else showToast(`The export broke off${after}, and no file was made: ${messageOf(error)}`, { isError: true });
  } finally {
    work.end();
  }
}
