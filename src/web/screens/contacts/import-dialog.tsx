import { useRef, useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from '../campaigns/campaigns.module.css';
import { ColumnTable } from '../upload/column-table.tsx';
import { Needs } from '../upload/mapping.tsx';
import type { ContactKind } from './contact-draft.ts';
import { refreshContacts } from './contacts-data.ts';
import {
  CONTACT_FIELD_GROUPS,
  contactFieldLabel,
  contactNeeds,
  contactSureness,
  type ImportColumn,
  withColumn,
} from './import-columns.ts';
import { MAX_IMPORT_BYTES, useContactImport } from './import-file.ts';
import { type ContactImport, problemLines, resultText } from './import-words.ts';

/** Reads contacts from a file: first how it is understood, then what became of it. */
export function ImportContactsDialog({ onClose }: { onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [kind, setKind] = useState<ContactKind>('investor');
  const [file, setFile] = useState<File>();
  const [columns, setColumns] = useState<Readonly<Record<string, string>>>({});
  const [timeZone, setTimeZone] = useState('');
  const [county, setCounty] = useState('');
  const [read, setRead] = useState<ContactImport>();
  const [tooLarge, setTooLarge] = useState(false);
  const look = useContactImport();
  const store = useContactImport((done) => {
    refreshContacts();
    setRead(done);
    showToast(`${done.file}: ${resultText(done)}`);
  });
  const order = { kind, columns, timeZone, county };
  const lookAt = (chosen: File | undefined, more: Partial<typeof order> = {}) => {
    if (chosen === undefined) return;
    store.reset();
    setFile(chosen);
    setTooLarge(chosen.size > MAX_IMPORT_BYTES);
    if (chosen.size > MAX_IMPORT_BYTES) return;
    // Of several looks one after the other the last one counts, whichever is answered last.
    look.mutate({ ...order, ...more, file: chosen, dryRun: true }, { onSuccess: setRead });
  };
  const isDone = read?.stored === true;
  const error = look.error ?? store.error;
  return (
    <Dialog
      title="Import contacts"
      onClose={onClose}
      size="wide"
      actions={
        <>
          <Button onClick={onClose}>{isDone ? 'Close' : 'Cancel'}</Button>
          {!isDone && (
            <Button
              variant="primary"
              busy={store.isPending}
              disabled={file === undefined || read === undefined || read.valid === 0 || look.isPending}
              onClick={() => file && store.mutate({ ...order, file, dryRun: false })}
            >
              {read === undefined ? 'Import' : `Import ${read.valid}`}
            </Button>
          )}
        </>
      }
    >
      <div className="stack">
        <div className={styles.fields}>
          <SelectField
            label="Kind of all of them"
            value={kind}
            onChange={({ target }) => {
              const chosen = target.value as ContactKind;
              setKind(chosen);
              lookAt(file, { kind: chosen });
            }}
          >
            <option value="investor">Investors</option>
            <option value="partner">Partners</option>
            <option value="owner">Owners</option>
          </SelectField>
          <TextField
            label="Time zone of rows without one"
            placeholder="By state and ZIP code"
            value={timeZone}
            onChange={({ target }) => setTimeZone(target.value)}
            onBlur={() => lookAt(file)}
          />
          {kind === 'owner' && (
            <TextField
              label="County of their properties"
              placeholder="Such as king-wa"
              value={county}
              onChange={({ target }) => setCounty(target.value)}
              onBlur={() => lookAt(file)}
            />
          )}
        </div>
        <p>
          <Button busy={look.isPending} onClick={() => input.current?.click()}>
            {file === undefined ? 'Choose a file' : `Another than ${file.name}`}
          </Button>
        </p>
        <p className="small muted">
          CSV or JSON with any headings, up to 8 MiB and 10,000 rows. You see how it is read before anything is stored.
          Who is known by an e-mail address, phone number or postal address is completed, never overwritten.
        </p>
        <input
          ref={input}
          type="file"
          accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.gz"
          aria-label="File of contacts"
          className="visually-hidden"
          tabIndex={-1}
          onChange={({ target }) => {
            setColumns({});
            setRead(undefined);
            lookAt(target.files?.[0], { columns: {} });
            target.value = '';
          }}
        />
        {tooLarge && (
          <p role="alert" className="error-text">
            The file has more than 8 MiB. Split it, or have it read on the server: reos contact import.
          </p>
        )}
        {error !== null && (
          <p role="alert" className="error-text">
            {messageOf(error)}
          </p>
        )}
        {read !== undefined && (
          <Reading
            read={read}
            timeZone={timeZone}
            onField={(column, field) => {
              const said = withColumn(columns, column, field);
              setColumns(said);
              lookAt(file, { columns: said });
            }}
          />
        )}
      </div>
    </Dialog>
  );
}

interface ReadingProps {
  read: ContactImport;
  /** Said for rows that have none. */
  timeZone: string;
  onField: (column: string, field: string) => void;
}

function Reading({ read, timeZone, onField }: ReadingProps) {
  return (
    <>
      <p role="status">
        <strong>{read.stored ? resultText(read) : `${read.valid} of ${read.rows} rows can be stored.`}</strong>
        {read.consents_incomplete > 0 &&
          ` ${read.consents_incomplete} say yes to texts without a date, a source or a phone: no consent is recorded.`}
      </p>
      {!read.stored && (
        <>
          {read.problem !== null && (
            <p role="alert" className="error-text">
              No column is recognised as a way to reach anybody. Choose below what each column holds.
            </p>
          )}
          <Needs kind="contact" needs={contactNeeds(read.mapping, timeZone)} />
          <ColumnTable
            rows={read.mapping}
            chosen={({ field }) => field ?? 'ignore'}
            onChoose={({ column }, field) => onField(column, field)}
            others={[{ value: 'ignore', text: 'Not used' }]}
            groups={CONTACT_FIELD_GROUPS}
            labelOf={contactFieldLabel}
            sureness={(column) => <Sureness column={column} />}
          />
        </>
      )}
      {read.problems.length > 0 && (
        <section aria-label="Refused rows">
          <p>{read.stored ? 'Refused rows, to correct and import again:' : 'These rows would be refused:'}</p>
          <ul className="small">
            {problemLines(read).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Sureness({ column }: { column: ImportColumn }) {
  const { text, tone, about } = contactSureness(column);
  return (
    <Badge tone={tone} title={about}>
      {text}
    </Badge>
  );
}
