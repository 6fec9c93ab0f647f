import { CircleAlert } from 'lucide-react';
import type { Schemas } from '../../app/api.ts';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { type SimpleColumn, SimpleTable } from '../../ui/simple-table.tsx';
import { messageOf } from '../../ui/states.tsx';
import { type ColumnRow, previewColumns, problemText, rowsOf } from './columns.ts';
import { fieldLabel, needsOf, withFieldLabels } from './fields.ts';
import { Mapping, Needs } from './mapping.tsx';
import styles from './upload.module.css';
import { useReading } from './use-reading.ts';

type ImportDetail = Schemas['ImportDetail'];

/** How the file is read: columns, what would be refused, the first rows; and the way to have it imported. */
export function Reading({ detail }: { detail: ImportDetail }) {
  const { draft, change, approveAndRun, check, isBusy, isChecking, error } = useReading(detail);
  const isOpen = detail.status === 'uploaded' || detail.status === 'approved';
  const rows = rowsOf(detail, draft);
  return (
    <>
      {isOpen && detail.problem !== null && (
        <Notice tone="bad" text={`The file cannot be imported as it is: ${problemText(detail.problem)}`} />
      )}
      {rows.length > 0 && (
        <Card
          title="How its columns are read"
          actions={
            <span className="small muted" role="status">
              {isChecking ? 'Checking the whole file…' : ''}
            </span>
          }
        >
          <div className="stack">
            {isOpen && <Needs kind={detail.record_kind} needs={needsOf(detail.record_kind, rows)} />}
            {detail.notes.length > 0 && isOpen && <Notice tone="warn" text={withFieldLabels(detail.notes.join(' '))} />}
            <Mapping rows={rows} draft={draft} isReadOnly={!isOpen} onChange={change} />
          </div>
        </Card>
      )}
      {isOpen && <Problems detail={detail} />}
      <Preview detail={detail} rows={rows} />
      {isOpen && <Footer detail={detail} error={error} isBusy={isBusy} onCheck={check} onRun={approveAndRun} />}
    </>
  );
}

function Notice({ tone, text }: { tone: 'warn' | 'bad'; text: string }) {
  return (
    <p className={styles.notice} data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      <CircleAlert size={16} aria-hidden="true" />
      <span>{text}</span>
    </p>
  );
}

interface FooterProps {
  detail: ImportDetail;
  error: unknown;
  isBusy: boolean;
  onCheck: () => void;
  onRun: () => void;
}

function Footer({ detail, error, isBusy, onCheck, onRun }: FooterProps) {
  const { counts, problem } = detail;
  const isReady = problem === null && (counts === null || counts.valid > 0);
  return (
    <div className={styles.footer}>
      <div className="grow">
        {error !== undefined ? (
          <p role="alert" className="error-text">
            {messageOf(error)}
          </p>
        ) : (
          <p>
            {detail.needs_approval && <strong>Some columns were guessed: importing approves them. </strong>}
            <span className="muted">
              The choices are remembered for files of the same layout. Scoring and memos start by themselves.
            </span>
          </p>
        )}
      </div>
      {error !== undefined && <Button onClick={onCheck}>Check again</Button>}
      <Button variant="primary" busy={isBusy} disabled={!isReady} onClick={onRun}>
        {counts === null
          ? 'Import the file'
          : `Import ${formatCount(counts.valid)} ${counts.valid === 1 ? 'row' : 'rows'}`}
      </Button>
    </div>
  );
}

function Problems({ detail }: { detail: ImportDetail }) {
  if (detail.problems.length === 0) return null;
  return (
    <Card title="What was noticed in the rows">
      <ul className={styles.problems}>
        {detail.problems.map(({ field, code, refused, count, first }) => (
          <li key={`${field} ${code} ${refused}`}>
            <strong>
              {formatCount(count)} {count === 1 ? 'row' : 'rows'}{' '}
              {refused ? 'would be refused' : 'would be taken with a remark'}: {fieldLabel(field)}
            </strong>
            <ul className="small muted">
              {first.map((text) => (
                <li key={text}>{withFieldLabels(text)}</li>
              ))}
              {count > first.length && <li>and {formatCount(count - first.length)} more like these</li>}
            </ul>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Preview({ detail, rows }: { detail: ImportDetail; rows: readonly ColumnRow[] }) {
  if (detail.preview.length === 0) return null;
  const isNumeric = (index: number) =>
    detail.preview.every((values) => /^-?[\d.,]*$/.test(values[index] ?? '')) &&
    detail.preview.some((values) => values[index]);
  const columns: Array<SimpleColumn<{ line: number; values: string[] }>> = [
    { id: 'line', header: 'Row', align: 'end', cell: ({ line }) => line },
    ...previewColumns(rows, detail.headers).map(({ column, field, index }) => ({
      id: column,
      header: field === null ? column : `${fieldLabel(field)} (${column})`,
      ...(isNumeric(index) ? { align: 'end' as const } : {}),
      cell: ({ values }: { values: string[] }) => <span className="figures">{values[index]}</span>,
    })),
  ];
  return (
    <Card title={`The first ${detail.preview.length} rows, as published`} isFlush>
      <SimpleTable
        label="First rows of the file"
        columns={columns}
        rows={detail.preview.map((values, index) => ({ line: index + 1, values }))}
        getRowId={({ line }) => String(line)}
      />
    </Card>
  );
}
