import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { formatCount, formatMoment, formatNumber, formatPercent } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';
import { readable } from '../../lib/prose.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog, Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Facts } from '../../ui/page.tsx';
import { messageOf } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './scoreboard.module.css';
import { readMetrics } from './tracks.ts';

type Model = Schemas['Model'];

function useRenewal() {
  const queries = useQueryClient();
  return () =>
    queries.invalidateQueries({
      predicate: ({ queryKey }) => /^\/api\/v1\/(models|scoreboard)/.test(String(queryKey[1])),
    });
}

/** Details of a model, or asks before one is promoted, retired, or put in shadow. */
export function ModelDialog({
  kind,
  model,
  onClose,
}: {
  kind: 'promote' | 'retire' | 'shadow' | 'details';
  model: Model;
  onClose: () => void;
}) {
  if (kind === 'details') return <DetailsDialog model={model} onClose={onClose} />;
  if (kind === 'promote') return <PromoteDialog model={model} onClose={onClose} />;
  return <StageDialog kind={kind} model={model} onClose={onClose} />;
}

function DetailsDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const metrics = readMetrics(model.metrics);
  return (
    <Dialog title={`Model ${model.version}`} place="side" onClose={onClose}>
      <Facts
        facts={[
          ['Market', countyName(model.market)],
          ['Held-out sales', formatCount(metrics.rows)],
          ['Median error', formatPercent(metrics.mdape)],
          ['Within 10%', formatPercent(metrics.within10, 0)],
          ['Within 20%', formatPercent(metrics.within20, 0)],
          ['80% interval held', `${formatPercent(metrics.coverage80, 0)} of the time; 80% would be right`],
          ['R²', formatNumber(metrics.r2, 3)],
          ['Code', model.code_version],
          [
            'File',
            `${formatCount(Math.round(model.artifact_bytes / 1024))} kB, SHA-256 ${model.artifact_sha256.slice(0, 16)}…`,
          ],
          ['Trained', formatMoment(model.created_at)],
          ['Promoted', model.promoted_at === null ? 'Never' : formatMoment(model.promoted_at)],
          ['Retired', model.retired_at === null ? 'No' : formatMoment(model.retired_at)],
        ]}
      />
      <section className="stack" aria-label="Decisions">
        <h3>Decisions on it</h3>
        <p className={styles.decisions}>{model.decision === null ? 'None yet.' : readable(model.decision)}</p>
      </section>
    </Dialog>
  );
}

function PromoteDialog({ model, onClose }: { model: Model; onClose: () => void }) {
  const renew = useRenewal();
  const [force, setForce] = useState('');
  const [told, setTold] = useState<string | null>(null);
  const promote = api.useMutation('post', '/api/v1/models/{id}/promote');
  const start = async () => {
    try {
      const answer = await promote.mutateAsync({
        params: { path: { id: model.id } },
        body: force.trim() === '' ? {} : { force_reason: force.trim() },
      });
      await renew();
      if (answer.promoted) {
        showToast(`${model.version} is the champion of ${countyName(model.market)}`);
        onClose();
      } else setTold(answer.decision);
    } catch (error) {
      setTold(messageOf(error));
    }
  };
  return (
    <Dialog
      title={`Promote ${model.version}?`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={promote.isPending} onClick={() => void start()}>
            {force.trim() === '' ? 'Promote if it wins' : 'Promote in any case'}
          </Button>
        </>
      }
    >
      <p>
        It becomes the champion of {countyName(model.market)} if it wins on sales that neither had seen. The present
        champion is kept and can be returned to.
      </p>
      <TextField
        label="Promote it whatever the rule says, because"
        hint="Leave it empty to let the rule decide. What you write is kept with the model."
        maxLength={300}
        value={force}
        onChange={(event) => setForce(event.target.value)}
      />
      {told && (
        <p role="alert" className="error-text">
          {told}
        </p>
      )}
    </Dialog>
  );
}

const ASK = {
  retire: {
    title: 'Retire',
    text: 'It is taken out of use. A market without a champion is valued by comparable sales.',
    label: 'Retire',
  },
  shadow: {
    title: 'Shadow of',
    text: 'A model in shadow values each property beside the champion, and counts nowhere but here.',
    label: 'Change',
  },
} as const;

function StageDialog({ kind, model, onClose }: { kind: 'retire' | 'shadow'; model: Model; onClose: () => void }) {
  const renew = useRenewal();
  const [error, setError] = useState<string>();
  const retire = api.useMutation('post', '/api/v1/models/{id}/retire');
  const shadow = api.useMutation('post', '/api/v1/models/{id}/shadow');
  const params = { path: { id: model.id } };
  const start = async () => {
    try {
      if (kind === 'retire') await retire.mutateAsync({ params, body: {} });
      else {
        const wasOn = model.is_shadow;
        const put = (on: boolean) => shadow.mutateAsync({ params, body: { on } }).then(renew);
        await put(!wasOn);
        showToast(wasOn ? 'Out of the shadow' : 'In the shadow', { undo: () => void put(wasOn) });
      }
      if (kind === 'retire') showToast(`${model.version} is retired`);
      await renew();
      onClose();
    } catch (refused) {
      setError(messageOf(refused));
    }
  };
  const { title, text, label } = ASK[kind];
  return (
    <ConfirmDialog
      title={`${title} ${model.version}?`}
      confirmLabel={kind === 'shadow' ? (model.is_shadow ? 'Take it out' : 'Put it in') : label}
      isDangerous={kind === 'retire'}
      busy={retire.isPending || shadow.isPending}
      error={error}
      onConfirm={() => void start()}
      onClose={onClose}
    >
      <p>{text}</p>
    </ConfirmDialog>
  );
}

/** Asks before the champion before the present one counts again. */
export function RollBackDialog({ market, onClose }: { market: string; onClose: () => void }) {
  const renew = useRenewal();
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string>();
  const rollBack = api.useMutation('post', '/api/v1/models/rollback');
  const start = async () => {
    try {
      const { version } = await rollBack.mutateAsync({
        body: { market, ...(reason.trim() === '' ? {} : { reason: reason.trim() }) },
      });
      await renew();
      showToast(`${version} is the champion of ${market} again`);
      onClose();
    } catch (refused) {
      setError(messageOf(refused));
    }
  };
  return (
    <ConfirmDialog
      title={`Return to the champion before, in ${market}?`}
      confirmLabel="Roll back"
      busy={rollBack.isPending}
      error={error}
      onConfirm={() => void start()}
      onClose={onClose}
    >
      <p>The model before values this market again; the present one is retired, and can be promoted again.</p>
      <TextField label="Reason" maxLength={300} value={reason} onChange={(event) => setReason(event.target.value)} />
    </ConfirmDialog>
  );
}
