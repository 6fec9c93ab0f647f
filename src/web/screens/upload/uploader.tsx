import { FileUp, X } from 'lucide-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatBytes, formatCount, formatDay, formatPercent } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { ACCEPTED, MAX_UPLOAD_BYTES, refusalOf } from './file-check.ts';
import styles from './upload.module.css';
import { uploadFile } from './upload-file.ts';

const COUNTY_KEY = 'reos.upload.county';

interface UploaderProps {
  onUploaded: (detail: Schemas['ImportDetail']) => void;
}

/** Choosing or dropping a file, with the county of its rows; how far the sending is; and what was wrong. */
export function Uploader({ onUploaded }: UploaderProps) {
  const counties = api.useQuery('get', '/api/v1/counties', {}, { staleTime: 600_000 });
  const [county, setCounty] = useState(() => localStorage.getItem(COUNTY_KEY) ?? '');
  return (
    <QueryView query={counties} label="Loading counties" lines={3}>
      {({ items }) => (
        <div className="stack">
          <div className={styles.county}>
            <SelectField
              label="County of the rows"
              hint="Parcel numbers and market figures are the county’s. A file holds one county."
              value={county}
              onChange={({ target }) => {
                setCounty(target.value);
                localStorage.setItem(COUNTY_KEY, target.value);
              }}
            >
              <option value="">Choose…</option>
              {items.map(({ slug, name, state }) => (
                <option key={slug} value={slug}>
                  {name}, {state}
                </option>
              ))}
            </SelectField>
          </div>
          <DropZone county={county} onUploaded={onUploaded} />
          <Allowance />
        </div>
      )}
    </QueryView>
  );
}

function DropZone({ county, onUploaded }: UploaderProps & { county: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [problem, setProblem] = useState<string>();
  const [isOver, setOver] = useState(false);
  const { share, start, stop } = useUpload(onUploaded, setProblem);
  const take = (chosen: File | undefined) => {
    if (chosen === undefined) return;
    setFile(chosen);
    const refusal = county === '' ? 'Choose the county of the rows first, then upload.' : refusalOf(chosen);
    setProblem(refusal);
    if (refusal === undefined) start(chosen, county);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    if (share === undefined) take(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button inside is the first
    <div
      className={styles.drop}
      data-over={isOver || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <FileUp size={28} aria-hidden="true" />
      {share === undefined ? (
        <>
          <Button variant="primary" onClick={() => input.current?.click()}>
            Choose a file
          </Button>
          <p className="muted">or drop it here</p>
        </>
      ) : (
        <Sending name={file?.name ?? ''} size={file?.size ?? 0} share={share} onStop={stop} />
      )}
      <p className="small muted">
        CSV, TSV, JSON or a saved web page, plain or packed with gzip, up to {formatBytes(MAX_UPLOAD_BYTES)}. Headers
        may be called anything: you see how they are read before anything is imported.
      </p>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        aria-label="File to upload"
        className="visually-hidden"
        tabIndex={-1}
        onChange={({ target }) => {
          take(target.files?.[0]);
          target.value = '';
        }}
      />
      {problem !== undefined && (
        <div role="alert" className={styles.refusal}>
          <p>{problem}</p>
          {file !== undefined && refusalOf(file) === undefined && (
            <Button size="small" onClick={() => take(file)}>
              Try again with {file.name}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function Sending({ name, size, share, onStop }: { name: string; size: number; share: number; onStop: () => void }) {
  const isSent = share >= 1;
  return (
    <div className={styles.sending}>
      <p>
        <strong>{name}</strong> <span className="muted">{formatBytes(size)}</span>
      </p>
      <progress value={isSent ? undefined : share} max={1} aria-label={`Sending ${name}`} />
      <p className="small muted" role="status">
        {isSent ? 'Sent. Reading the whole file…' : `${formatPercent(share, 0)} sent`}
      </p>
      <Button size="small" icon={<X size={14} />} onClick={onStop}>
        Stop
      </Button>
    </div>
  );
}

/** One upload at a time; leaving the screen stops it. */
function useUpload(onUploaded: UploaderProps['onUploaded'], onProblem: (text: string | undefined) => void) {
  const [share, setShare] = useState<number>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (file: File, county: string) => {
    const own = new AbortController();
    running.current = own;
    setShare(0);
    onProblem(undefined);
    try {
      const detail = await uploadFile({ file, county, signal: own.signal, onProgress: setShare });
      setShare(undefined);
      onUploaded(detail);
    } catch (error) {
      setShare(undefined);
      const isStopped = error instanceof DOMException && error.name === 'AbortError';
      if (!isStopped) onProblem(messageOf(error));
    }
  };
  return {
    share,
    start: (file: File, county: string) => void start(file, county),
    stop: () => running.current?.abort(),
  };
}

/** How many new properties the plan still takes; nothing for roles that may not know, or plans without a bound. */
function Allowance() {
  const may = useMay();
  const usage = api.useQuery('get', '/api/v1/usage', {}, { enabled: may('tenant:read') });
  const meter = usage.data?.meters.find((one) => one.meter === 'properties');
  if (usage.data === undefined || meter?.limit == null) return null;
  const left = Math.max(0, meter.limit - meter.used);
  return (
    <p className={left === 0 ? 'error-text' : 'muted'}>
      Your plan ({usage.data.plan}) takes {formatCount(left)} more new properties of {formatCount(meter.limit)} until{' '}
      {formatDay(usage.data.resets_at)}. Rows beyond that are kept aside, not lost.
    </p>
  );
}
