import { Check, Copy, Pause, Pencil, Play, RotateCw, Square, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../app/permissions.ts';
import { Button } from '../../ui/button.tsx';
import { ApproveDialog, DeleteDialog, PauseDialog, RunDialog, StopDialog, useResume } from './campaign-dialogs.tsx';
import { LinkButton } from './link-button.tsx';
import type { Campaign } from './outreach-data.ts';
import { needsApproval } from './words.ts';

type Deed = 'approve' | 'run' | 'pause' | 'stop' | 'delete';

/** What may be done with the campaign as it stands, by whoever looks. */
export function CampaignActions({ campaign }: { campaign: Campaign }) {
  const may = useMay();
  const [deed, setDeed] = useState<Deed | null>(null);
  const { status } = campaign;
  const waits = needsApproval(campaign);
  const close = () => setDeed(null);
  const resume = useResume(campaign);
  const search = { edit: campaign.id };
  const hasEnded = status === 'ended';
  return (
    <>
      {waits && may('outreach:approve') && (
        <Button variant="primary" icon={<Check size={16} />} onClick={() => setDeed('approve')}>
          Approve…
        </Button>
      )}
      {may('outreach:update') && (
        <>
          {status === 'active' && !waits && (
            <Button variant="primary" icon={<RotateCw size={16} />} onClick={() => setDeed('run')}>
              Run now…
            </Button>
          )}
          {status === 'active' && (
            <Button icon={<Pause size={16} />} onClick={() => setDeed('pause')}>
              Pause…
            </Button>
          )}
          {status === 'paused' && (
            <Button
              variant="primary"
              icon={<Play size={16} />}
              busy={resume.isPending}
              onClick={() => resume.mutate({ params: { path: { id: campaign.id } }, body: {} })}
            >
              Resume
            </Button>
          )}
          {!hasEnded && (
            <LinkButton to="/campaigns/new" search={search} icon={<Pencil size={16} />}>
              Change
            </LinkButton>
          )}
          <LinkButton to="/campaigns/new" search={{ from: campaign.id }} icon={<Copy size={16} />}>
            Copy
          </LinkButton>
          {status !== 'draft' && !hasEnded && (
            <Button variant="danger" icon={<Square size={14} />} onClick={() => setDeed('stop')}>
              Stop…
            </Button>
          )}
        </>
      )}
      {status === 'draft' && may('outreach:delete') && (
        <Button variant="danger" icon={<Trash2 size={16} />} onClick={() => setDeed('delete')}>
          Delete…
        </Button>
      )}
      {deed === 'approve' && <ApproveDialog campaign={campaign} onClose={close} />}
      {deed === 'run' && <RunDialog campaign={campaign} onClose={close} />}
      {deed === 'pause' && <PauseDialog campaign={campaign} onClose={close} />}
      {deed === 'stop' && <StopDialog campaign={campaign} onClose={close} />}
      {deed === 'delete' && <DeleteDialog campaign={campaign} onClose={close} />}
    </>
  );
}
