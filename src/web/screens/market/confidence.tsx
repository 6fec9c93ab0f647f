import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatMoment, formatNumber } from '../../lib/format.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Card, Page, Stat, Stats } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { MarketTabs } from './parts.tsx';
import { ToolAccuracy } from './tool-accuracy.tsx';
import { readReport } from './weight-report.ts';

const PATH = '/api/v1/intelligence/confidence-weights';
const STATES: Record<string, { word: string; tone: Tone }> = {
  active: { word: 'in use', tone: 'good' },
  retired: { word: 'replaced', tone: 'neutral' },
  rejected: { word: 'not used: no better', tone: 'warn' },
};

/** What the tools' stated confidence proved to be worth, and the way back. */
export function ConfidenceScreen() {
  const may = useMay();
  const [isAsking, setAsking] = useState(false);
  const query = api.useQuery('get', PATH, {});
  const { recalibrate, rollBack, isPending } = useWeights(() => setAsking(false));
  const items = query.data?.items ?? [];
  const active = items.find(({ status }) => status === 'active');
  const shown = active ?? items[0];
  return (
    <Page
      title="Confidence"
      about="What each tool’s stated confidence proved to be worth, learnt from the outcomes you record"
      actions={
        may('properties:update') && (
          <>
            {active && (
              <Button variant="danger" onClick={() => setAsking(true)}>
                Go back one version
              </Button>
            )}
            <Button variant="primary" busy={isPending} onClick={recalibrate}>
              Recalibrate now
            </Button>
          </>
        )
      }
    >
      <MarketTabs />
      <QueryView
        query={query}
        isEmpty={(answer) => answer.items.length === 0}
        empty={
          <EmptyState title="Nothing has been learnt yet">
            Confidence counts as the tools state it. Record what came of decisions (30 outcomes a tool are needed); once
            a week, or now by the button above, it is compared with what was stated.
          </EmptyState>
        }
      >
        {() => (
          <>
            {shown && (
              <>
                <Stats>
                  <Stat
                    label="In use"
                    value={active ? `Version ${active.version}` : 'As stated'}
                    note={active ? formatMoment(active.created_at) : 'no recalibration is in use'}
                  />
                  <Stat label="Outcomes" value={formatCount(shown.outcomes)} note="that it was learnt from" />
                  <Stat
                    label="Brier score before"
                    value={formatNumber(shown.brier_before, 3)}
                    note="0 is perfect, 0.25 a coin"
                  />
                  <Stat label="Brier score after" value={formatNumber(shown.brier_after, 3)} note="cross-validated" />
                </Stats>
                <ToolAccuracy tools={readReport(shown.report)} />
              </>
            )}
            <Card title="Versions" isFlush>
              <SimpleTable
                label="Recalibrations, newest first"
                rows={items}
                getRowId={({ version }) => String(version)}
                markedId={active && String(active.version)}
                columns={[
                  { id: 'version', header: 'Version', align: 'end', cell: ({ version }) => version },
                  {
                    id: 'status',
                    header: 'State',
                    cell: ({ status }) => <Badge tone={STATES[status]?.tone}>{STATES[status]?.word ?? status}</Badge>,
                  },
                  { id: 'outcomes', header: 'Outcomes', align: 'end', cell: ({ outcomes }) => formatCount(outcomes) },
                  {
                    id: 'before',
                    header: 'Brier before',
                    align: 'end',
                    cell: ({ brier_before: brier }) => formatNumber(brier, 3),
                  },
                  {
                    id: 'after',
                    header: 'Brier after',
                    align: 'end',
                    cell: ({ brier_after: brier }) => formatNumber(brier, 3),
                  },
                  { id: 'when', header: 'When', width: 160, cell: ({ created_at: at }) => formatMoment(at) },
                ]}
              />
            </Card>
          </>
        )}
      </QueryView>
      {isAsking && (
        <ConfirmDialog
          title="Go back one version?"
          confirmLabel="Go back"
          busy={isPending}
          onConfirm={rollBack}
          onClose={() => setAsking(false)}
        >
          <p>
            Version {active?.version} is put aside and the one before it is used again; with none before, confidence
            counts as it is stated. Recalibrating makes a new version from the outcomes.
          </p>
        </ConfirmDialog>
      )}
    </Page>
  );
}

function useWeights(onRolledBack: () => void) {
  const queries = useQueryClient();
  const onError = (error: unknown) => showToast(messageOf(error), { isError: true });
  const onSettled = () => queries.invalidateQueries({ queryKey: ['get', PATH] });
  const learn = api.useMutation('post', '/api/v1/intelligence/tools/recalibrate_confidence', {
    onError,
    onSettled,
    onSuccess: ({ outcomes, is_active: isActive, version }) =>
      showToast(
        isActive
          ? `Version ${version} is in use, learnt from ${formatCount(outcomes)} outcomes`
          : `Looked at ${formatCount(outcomes)} outcomes: no tool’s confidence can be bettered yet`,
      ),
  });
  const back = api.useMutation('post', `${PATH}/rollback`, {
    onError,
    onSettled,
    onSuccess: ({ version }) => {
      showToast(version === 0 ? 'Confidence counts as it is stated' : `Version ${version} is in use again`);
      onRolledBack();
    },
  });
  return {
    recalibrate: () => learn.mutate({ body: {} }),
    rollBack: () => back.mutate({}),
    isPending: learn.isPending || back.isPending,
  };
}
