import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { api } from '../../app/api.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { type Campaign, refreshOutreach } from './outreach-data.ts';

interface DeedProps {
  campaign: Campaign;
  onClose: () => void;
}

/** Lets a paused campaign go on. */
export function useResume({ name }: Campaign) {
  return api.useMutation('post', '/api/v1/campaigns/{id}/resume', {
    onSuccess: () => {
      refreshOutreach();
      showToast(`${name} goes on.`);
    },
    onError: (error) => showToast(messageOf(error), { isError: true }),
  });
}

/** Approves: the draft becomes active, and what waited for a person may leave. */
export function ApproveDialog({ campaign, onClose }: DeedProps) {
  const approve = api.useMutation('post', '/api/v1/campaigns/{id}/approve', {
    onSuccess: () => {
      refreshOutreach();
      showToast(`${campaign.name} is approved. It runs with its next schedule, or with “Run now”.`);
      onClose();
    },
  });
  return (
    <Confirm
      title={`Approve ${campaign.name}?`}
      label="Approve"
      mutation={approve}
      onConfirm={() => approve.mutate({ params: { path: { id: campaign.id } } })}
      onClose={onClose}
    >
      <p>
        You approve who is written to, what and by whom, as it is now, with your name. A later change of these asks for
        a new approval; a change of pace does not.
      </p>
      <p>From then on its runs send real messages, as far as providers are set up and budgets allow.</p>
    </Confirm>
  );
}

/** Runs it now, after telling how many messages that means. */
export function RunDialog({ campaign, onClose }: DeedProps) {
  const preview = api.useQuery('get', '/api/v1/campaigns/{id}/preview', {
    params: { path: { id: campaign.id }, query: { first: 10 } },
  });
  const run = api.useMutation('post', '/api/v1/campaigns/{id}/run', {
    onSuccess: () => {
      refreshOutreach();
      showToast(`${campaign.name} runs. Its messages appear as they are planned.`);
      onClose();
    },
  });
  const count = preview.data?.messages;
  return (
    <Confirm
      title={`Run ${campaign.name} now?`}
      label="Run now"
      mutation={run}
      onConfirm={() => run.mutate({ params: { path: { id: campaign.id } } })}
      onClose={onClose}
    >
      <p>
        {count === undefined
          ? 'Counting who would be written to…'
          : count === 0
            ? 'As it stands nobody would get a message: the preview says who is passed over and why. A run does no harm.'
            : `${count} ${count === 1 ? 'message is' : 'messages are'} planned, and each leaves when its window, caps and the law allow.`}
      </p>
      {preview.data?.not_yet && <p>{preview.data.not_yet}</p>}
    </Confirm>
  );
}

/** Pauses it; the message that tells so takes it back. */
export function PauseDialog({ campaign, onClose }: DeedProps) {
  const [reason, setReason] = useState('');
  const resume = useResume(campaign);
  const path = { id: campaign.id };
  const pause = api.useMutation('post', '/api/v1/campaigns/{id}/pause', {
    onSuccess: () => {
      refreshOutreach();
      showToast(`${campaign.name} is paused.`, { undo: () => resume.mutate({ params: { path }, body: {} }) });
      onClose();
    },
  });
  return (
    <Confirm
      title={`Pause ${campaign.name}?`}
      label="Pause"
      mutation={pause}
      onConfirm={() => pause.mutate({ params: { path }, body: reasonOf(reason) })}
      onClose={onClose}
    >
      <p>Nothing of it leaves until it is resumed. What is planned stays planned.</p>
      <Why value={reason} onChange={setReason} />
    </Confirm>
  );
}

/** Ends it for good. */
export function StopDialog({ campaign, onClose }: DeedProps) {
  const [reason, setReason] = useState('');
  const stop = api.useMutation('post', '/api/v1/campaigns/{id}/stop', {
    onSuccess: () => {
      refreshOutreach();
      showToast(`${campaign.name} has ended.`);
      onClose();
    },
  });
  return (
    <Confirm
      title={`Stop ${campaign.name} for good?`}
      label="Stop for good"
      isDangerous
      mutation={stop}
      onConfirm={() => stop.mutate({ params: { path: { id: campaign.id } }, body: reasonOf(reason) })}
      onClose={onClose}
    >
      <p>
        This cannot be undone. Nothing planned leaves any more, follow-ups too; what came of it stays. To go on later,
        pause it instead, or make a copy.
      </p>
      <Why value={reason} onChange={setReason} />
    </Confirm>
  );
}

/** Deletes a draft. */
export function DeleteDialog({ campaign, onClose }: DeedProps) {
  const navigate = useNavigate();
  const remove = api.useMutation('delete', '/api/v1/campaigns/{id}', {
    onSuccess: async () => {
      await navigate({ to: '/campaigns' });
      refreshOutreach();
      showToast(`The draft ${campaign.name} is deleted.`);
    },
  });
  return (
    <Confirm
      title={`Delete the draft ${campaign.name}?`}
      label="Delete draft"
      isDangerous
      mutation={remove}
      onConfirm={() => remove.mutate({ params: { path: { id: campaign.id } } })}
      onClose={onClose}
    >
      <p>Nothing of it was sent. This cannot be undone.</p>
    </Confirm>
  );
}

function Confirm({
  label,
  mutation,
  children,
  ...rest
}: {
  title: string;
  label: string;
  isDangerous?: boolean;
  mutation: { isPending: boolean; error: unknown };
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <ConfirmDialog
      {...rest}
      confirmLabel={label}
      busy={mutation.isPending}
      error={mutation.error ? messageOf(mutation.error) : undefined}
    >
      {children}
    </ConfirmDialog>
  );
}

function Why({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextField
      label="Why"
      hint="Colleagues see it beside the campaign. You may leave it empty."
      value={value}
      maxLength={300}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

function reasonOf(text: string): { reason?: string } {
  return text.trim() === '' ? {} : { reason: text.trim() };
}
