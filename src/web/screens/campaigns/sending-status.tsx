import { CirclePause } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatAgo, formatCount, formatMoment, formatPercent } from '../../lib/format.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './campaigns.module.css';
import { refreshOutreach } from './outreach-data.ts';
import { channelName } from './words.ts';

type ChannelState = Schemas['OutreachStatus']['channels'][number];

/** A banner for each channel (of those named, if any are) that is paused: nothing of it leaves, whatever campaigns say. */
export function PausedChannels({ among }: { among?: readonly string[] }) {
  const { data } = api.useQuery('get', '/api/v1/outreach/status');
  const may = useMay();
  const [resumed, setResumed] = useState<ChannelState | null>(null);
  const paused = data?.channels.filter((one) => one.paused && among?.includes(one.channel) !== false) ?? [];
  return (
    <>
      {paused.map((one) => (
        <div key={one.channel} className={styles.banner} role="status">
          <CirclePause size={20} aria-hidden="true" />
          <div className="grow">
            <strong>{channelName(one.channel)} is paused.</strong> {sentence(one.reason)}{' '}
            <span className="muted">
              Since {formatMoment(one.changed_at)}
              {one.sent > 0 &&
                `; ${formatCount(one.hard_bounces)} of ${formatCount(one.sent)} messages bounced (${formatPercent(one.hard_bounce_rate)}), ${formatCount(one.complaints)} were reported as spam`}
              . What is planned waits.
            </span>
          </div>
          {may('outreach:update') && <Button onClick={() => setResumed(one)}>Resume…</Button>}
        </div>
      ))}
      {resumed && <ResumeDialog channel={resumed} onClose={() => setResumed(null)} />}
    </>
  );
}

/** How each channel stands: what left, bounces and complaints against the limits that pause it. */
export function ChannelsCard() {
  const query = api.useQuery('get', '/api/v1/outreach/status');
  const may = useMay();
  const [open, setOpen] = useState<{ channel: ChannelState; deed: 'pause' | 'resume' } | null>(null);
  return (
    <Card title="Sending by channel" isFlush>
      <QueryView query={query} label="Loading channels" lines={3}>
        {({ channels, waiting }) => (
          <>
            <SimpleTable
              label="Sending by channel"
              rows={channels}
              getRowId={(row) => row.channel}
              columns={[
                { id: 'channel', header: 'Channel', cell: (row) => <strong>{channelName(row.channel)}</strong> },
                {
                  id: 'state',
                  header: 'State',
                  cell: (row) => (row.paused ? <Badge tone="warn">Paused</Badge> : <Badge tone="good">May send</Badge>),
                },
                {
                  id: 'sent',
                  header: 'Sent',
                  align: 'end',
                  cell: (row) => (
                    <span title={row.counted_from ? `Counted from ${formatMoment(row.counted_from)}` : undefined}>
                      {formatCount(row.sent)}
                    </span>
                  ),
                },
                {
                  id: 'bounces',
                  header: 'Hard bounces',
                  align: 'end',
                  cell: (row) => shareCell(row.hard_bounces, row.hard_bounce_rate),
                },
                {
                  id: 'complaints',
                  header: 'Spam reports',
                  align: 'end',
                  cell: (row) => shareCell(row.complaints, row.complaint_rate),
                },
                {
                  id: 'waiting',
                  header: 'Waiting',
                  align: 'end',
                  cell: (row) => formatCount(waitingOf(waiting, row.channel)),
                },
                {
                  id: 'deed',
                  header: 'Pause or resume',
                  isHeaderHidden: true,
                  align: 'end',
                  cell: (row) =>
                    may('outreach:update') && (
                      <Button
                        size="small"
                        onClick={() => setOpen({ channel: row, deed: row.paused ? 'resume' : 'pause' })}
                        aria-label={`${row.paused ? 'Resume' : 'Pause'} ${channelName(row.channel)}`}
                      >
                        {row.paused ? 'Resume…' : 'Pause…'}
                      </Button>
                    ),
                },
              ]}
            />
            <p className={`small muted ${styles.padded}`}>
              Sent, bounces and spam reports are counted since the channel was last resumed. Too many of either pause it
              by themselves, so that the sender’s name stays good.
            </p>
          </>
        )}
      </QueryView>
      {open?.deed === 'pause' && <PauseDialog channel={open.channel} onClose={() => setOpen(null)} />}
      {open?.deed === 'resume' && <ResumeDialog channel={open.channel} onClose={() => setOpen(null)} />}
    </Card>
  );
}

function PauseDialog({ channel, onClose }: { channel: ChannelState; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const name = channelName(channel.channel);
  const resume = api.useMutation('post', '/api/v1/outreach/resume', { onSettled: refreshOutreach });
  const pause = api.useMutation('post', '/api/v1/outreach/pause', {
    onSuccess: () => {
      refreshOutreach();
      showToast(`${name} is paused.`, { undo: () => resume.mutate({ body: { channel: channel.channel } }) });
      onClose();
    },
  });
  const submit = () =>
    pause.mutate({ body: { channel: channel.channel, reason: reason.trim() || 'paused by a person' } });
  return (
    <Dialog
      title={`Pause ${name.toLowerCase()}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={pause.isPending} onClick={submit}>
            Pause
          </Button>
        </>
      }
    >
      <p>Nothing more leaves by {name.toLowerCase()}, of any campaign, until it is resumed. What is planned waits.</p>
      <TextField
        label="Why"
        hint="Shown to everybody who wonders why nothing leaves. You may leave it empty."
        value={reason}
        maxLength={300}
        onChange={(event) => setReason(event.target.value)}
      />
      {pause.error && (
        <p role="alert" className="error-text">
          {messageOf(pause.error)}
        </p>
      )}
    </Dialog>
  );
}

function ResumeDialog({ channel, onClose }: { channel: ChannelState; onClose: () => void }) {
  const name = channelName(channel.channel);
  const resume = api.useMutation('post', '/api/v1/outreach/resume', {
    onSuccess: () => {
      refreshOutreach();
      showToast(`${name} may be sent again.`);
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={`Resume ${name.toLowerCase()}?`}
      confirmLabel="Resume sending"
      busy={resume.isPending}
      error={resume.error ? messageOf(resume.error) : undefined}
      onConfirm={() => resume.mutate({ body: { channel: channel.channel } })}
      onClose={onClose}
    >
      <p>
        It was paused {formatAgo(channel.changed_at)}: {channel.reason ?? 'no reason was given'}.
      </p>
      <p>
        Planned messages leave again at once, as their windows and caps allow, and bounces and spam reports are counted
        from now. Addresses that bounced stay suppressed.
      </p>
    </ConfirmDialog>
  );
}

function shareCell(count: number, rate: number | null) {
  return rate === null ? (
    <span className="muted" title="Nothing was sent yet">
      None sent
    </span>
  ) : (
    <span>
      {formatCount(count)} <span className="muted">({formatPercent(rate)})</span>
    </span>
  );
}

function waitingOf(waiting: Schemas['OutreachStatus']['waiting'], channel: string): number {
  return waiting.filter((row) => row.channel === channel).reduce((sum, row) => sum + row.sends, 0);
}

function sentence(text: string | null): string {
  if (text === null || text === '') return '';
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
