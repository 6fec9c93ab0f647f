import { useNavigate } from '@tanstack/react-router';
import { CalendarClock, Pause, Play, Zap } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { backfillSpan, localInput } from './backfill.ts';
import styles from './operations.module.css';

interface OrdersProps {
  schedule: Schemas['Schedule'];
  onChanged: () => void;
}

/** The buttons of one schedule, with a dialog where something has to be said. */
export function ScheduleOrders({ schedule, onChanged }: OrdersProps) {
  const [open, setOpen] = useState<'pause' | 'trigger' | 'backfill' | null>(null);
  const close = () => setOpen(null);
  const id = schedule.dag_id;
  const resume = api.useMutation('post', '/api/v1/schedules/{dag_id}/resume', {
    onSuccess: () => {
      onChanged();
      showToast(`${id} runs again.`);
    },
    onError: (error) => showToast(messageOf(error), { isError: true }),
  });
  const isPaused = schedule.state === 'paused';
  const isMissing = schedule.state === 'missing';
  return (
    <span className={styles.orders}>
      <Button
        size="small"
        icon={<Zap size={14} />}
        disabled={isMissing}
        aria-label={`Run now: ${id}`}
        onClick={() => setOpen('trigger')}
      >
        Run now
      </Button>
      {isPaused ? (
        <Button
          size="small"
          icon={<Play size={14} />}
          busy={resume.isPending}
          aria-label={`Resume ${id}`}
          onClick={() => resume.mutate({ params: { path: { dag_id: id } }, body: {} })}
        >
          Resume
        </Button>
      ) : (
        <Button
          size="small"
          icon={<Pause size={14} />}
          disabled={isMissing}
          aria-label={`Pause ${id}`}
          onClick={() => setOpen('pause')}
        >
          Pause
        </Button>
      )}
      <Button
        size="small"
        variant="quiet"
        icon={<CalendarClock size={14} />}
        disabled={isMissing}
        aria-label={`Backfill ${id}`}
        onClick={() => setOpen('backfill')}
      >
        Backfill
      </Button>
      {open === 'pause' && <PauseDialog schedule={schedule} onChanged={onChanged} onClose={close} />}
      {open === 'trigger' && <TriggerDialog schedule={schedule} onChanged={onChanged} onClose={close} />}
      {open === 'backfill' && <BackfillDialog schedule={schedule} onChanged={onChanged} onClose={close} />}
    </span>
  );
}

type DialogProps = OrdersProps & { onClose: () => void };

function PauseDialog({ schedule, onChanged, onClose }: DialogProps) {
  const [note, setNote] = useState('');
  const id = schedule.dag_id;
  const resume = api.useMutation('post', '/api/v1/schedules/{dag_id}/resume', { onSuccess: onChanged });
  const pause = api.useMutation('post', '/api/v1/schedules/{dag_id}/pause', {
    onSuccess: () => {
      onChanged();
      onClose();
      const undo = () => resume.mutate({ params: { path: { dag_id: id } }, body: {} });
      showToast(`${id} is paused. It serves every organisation here.`, { undo });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pause.mutate({ params: { path: { dag_id: id } }, body: note.trim() === '' ? {} : { note: note.trim() } });
  };
  return (
    <Dialog
      title={`Pause ${id}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="pause-schedule" busy={pause.isPending}>
            Pause
          </Button>
        </>
      }
    >
      <form id="pause-schedule" className="stack" onSubmit={submit}>
        <p>
          It starts no more runs until somebody resumes it, for every organisation of this installation. A run that is
          under way goes on.
        </p>
        <TextField
          label="Why"
          hint="Shown beside the schedule while it is paused"
          maxLength={500}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        {pause.error && (
          <p role="alert" className="error-text">
            {messageOf(pause.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function TriggerDialog({ schedule, onChanged, onClose }: DialogProps) {
  const navigate = useNavigate();
  const id = schedule.dag_id;
  const trigger = api.useMutation('post', '/api/pipelines/dags/{dag_id}/trigger', {
    onSuccess: ({ dag_run_id: run }) => {
      onChanged();
      showToast(`${id} has started.`);
      void navigate({ to: '/operations/runs', search: { schedule: id, run } as never });
    },
  });
  return (
    <ConfirmDialog
      title={`Run ${id} now?`}
      confirmLabel="Run now"
      busy={trigger.isPending}
      error={trigger.error ? messageOf(trigger.error) : undefined}
      onConfirm={() => trigger.mutate({ params: { path: { dag_id: id } } })}
      onClose={onClose}
    >
      <p>{schedule.description} It is done once, as if it were due, for every organisation that it serves.</p>
    </ConfirmDialog>
  );
}

function BackfillDialog({ schedule, onChanged, onClose }: DialogProps) {
  const [from, setFrom] = useState(() => localInput(Date.now() - 86_400_000));
  const [to, setTo] = useState(() => localInput(Date.now()));
  const id = schedule.dag_id;
  const span = backfillSpan(from, to);
  const backfill = api.useMutation('post', '/api/v1/schedules/{dag_id}/backfill', {
    onSuccess: () => {
      onChanged();
      onClose();
      showToast(`${id} makes up for the span, one run after another.`);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if ('body' in span) backfill.mutate({ params: { path: { dag_id: id } }, body: span.body });
  };
  return (
    <Dialog
      title={`Backfill ${id}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form="backfill-schedule"
            disabled={!('body' in span)}
            busy={backfill.isPending}
          >
            Start the runs
          </Button>
        </>
      }
    >
      <form id="backfill-schedule" className="stack" onSubmit={submit}>
        <p>Every run that was due between the two times is done now, one after another. Times are in your time zone.</p>
        <TextField
          label="From"
          type="datetime-local"
          required
          value={from}
          onChange={({ target }) => setFrom(target.value)}
        />
        <TextField
          label="To"
          type="datetime-local"
          required
          value={to}
          error={'error' in span ? span.error : undefined}
          onChange={({ target }) => setTo(target.value)}
        />
        {backfill.error && (
          <p role="alert" className="error-text">
            {messageOf(backfill.error)}
          </p>
        )}
      </form>
    </Dialog>
  );
}
