import { Link } from '@tanstack/react-router';
import { Check, Info, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatMicros, formatMoment, formatNumber } from '../../lib/format.ts';
import { sourceName } from '../../lib/names.ts';
import { Button } from '../../ui/button.tsx';
import { BarChart } from '../../ui/charts/index.ts';
import { Card, Stat, Stats } from '../../ui/page.tsx';
import { SimpleTable } from '../../ui/simple-table.tsx';
import { QueryView } from '../../ui/states.tsx';
import { ApproveDialog } from './campaign-dialogs.tsx';
import styles from './campaigns.module.css';
import { budgetLeft, runCost, stepCost } from './figures.ts';
import type { Campaign } from './outreach-data.ts';
import { StepPreviews } from './step-previews.tsx';
import { channelName, needsApproval, passedOverRows } from './words.ts';

type Preview = Schemas['CampaignPreview'];

/** A dry run: who would get what, what it costs, who is passed over and why; nothing of it is written. */
export function PreviewTab({ campaign }: { campaign: Campaign }) {
  const query = api.useQuery('get', '/api/v1/campaigns/{id}/preview', {
    params: { path: { id: campaign.id }, query: { first: 25 } },
  });
  return (
    <QueryView query={query} label="Trying a run, without sending anything" lines={6}>
      {(preview) => (
        <>
          <StateNote campaign={campaign} preview={preview} />
          <div className="row spread">
            <p className="small muted">
              A run as it would be at {formatMoment(query.dataUpdatedAt)}. Nothing was planned or sent.
            </p>
            <Button
              size="small"
              icon={<RotateCw size={14} />}
              busy={query.isFetching}
              onClick={() => void query.refetch()}
            >
              Try again
            </Button>
          </div>
          <Run preview={preview} />
          <StepPreviews campaign={campaign} steps={preview.steps} />
          <Approval campaign={campaign} />
        </>
      )}
    </QueryView>
  );
}

function StateNote({ campaign, preview }: { campaign: Campaign; preview: Preview }) {
  const may = useMay();
  const waits = needsApproval(campaign);
  if (!waits && preview.not_yet === null) return null;
  return (
    <div className={styles.banner} data-tone="info">
      <Info size={20} aria-hidden="true" />
      <div className="grow">
        <strong>{waits ? 'It waits for approval.' : 'A run would do nothing now.'}</strong>{' '}
        {waits
          ? may('outreach:approve')
            ? 'Read below what recipients will see; at the end you can approve it.'
            : 'Somebody with the permission outreach:approve reads what recipients will see, and approves it.'
          : preview.not_yet}
      </div>
    </div>
  );
}

function Approval({ campaign }: { campaign: Campaign }) {
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (!needsApproval(campaign) || !may('outreach:approve')) return null;
  return (
    <div className={styles.bar}>
      <p className="grow">Is this what they should get?</p>
      <Button variant="primary" icon={<Check size={16} />} onClick={() => setOpen(true)}>
        Approve this campaign…
      </Button>
      {isOpen && <ApproveDialog campaign={campaign} onClose={() => setOpen(false)} />}
    </div>
  );
}

/** Recipients that are shown before somebody asks for all. */
const SHOWN = 8;

function Run({ preview }: { preview: Preview }) {
  const [isWhole, setWhole] = useState(false);
  const { first, all } = runCost(preview.steps);
  const passed = passedOverRows(preview.passed_over);
  return (
    <>
      <Stats>
        <Stat
          label="Properties it is about"
          value={formatCount(preview.audience)}
          note="by score, county, type and tags"
        />
        <Stat label="Messages of a run now" value={formatCount(preview.messages)} note="of the first step" />
        <Stat
          label="Cost of the run"
          value={formatMicros(first * 1e6)}
          note={first === 0 ? 'nothing of it is paid for' : 'its first step'}
        />
        <Stat label="With every follow-up" value={formatMicros(all * 1e6)} note="if nobody answers before" />
      </Stats>
      {preview.steps.length > 0 && <CostTable preview={preview} />}
      <div className="grid">
        <Card>
          <BarChart
            label="Passed over, and why"
            unit="pairs"
            bars={passed}
            note="Each pair of a recipient and a property is counted once, by the first reason that holds."
            empty="Nobody is passed over."
          />
        </Card>
        <Card
          title={
            preview.first.length === 0 ? 'Recipients' : `The first ${formatCount(preview.first.length)} recipients`
          }
          isFlush
        >
          <SimpleTable
            label="First recipients"
            rows={isWhole ? preview.first : preview.first.slice(0, SHOWN)}
            getRowId={(row) => `${row.contact} ${row.property_id}`}
            empty={
              <p className={`muted ${styles.padded}`}>
                {preview.audience === 0
                  ? 'No property fits. Lower the score, or choose more counties and types.'
                  : 'Nobody would get a message now; the reasons stand beside this.'}
              </p>
            }
            columns={[
              { id: 'contact', header: 'Recipient', cell: (row) => <strong>{row.contact}</strong> },
              {
                id: 'property',
                header: 'Property',
                width: 180,
                cell: (row) => (
                  <Link to="/properties/$propertyId" params={{ propertyId: row.property_id }}>
                    {/^[\d-]+$/.test(row.property.split(',')[0] ?? '')
                      ? `Parcel ${row.property}`
                      : row.property || 'Without an address'}
                  </Link>
                ),
              },
              { id: 'score', header: 'Score', align: 'end', cell: (row) => formatNumber(row.score, 0) },
            ]}
          />
          {preview.first.length > SHOWN && !isWhole && (
            <div className={styles.padded}>
              <Button size="small" onClick={() => setWhole(true)}>
                Show all {formatCount(preview.first.length)}
              </Button>
            </div>
          )}
        </Card>
      </div>
    </>
  );
}

function CostTable({ preview: { steps, budgets } }: { preview: Preview }) {
  return (
    <Card title="Cost by step, against the budgets" isFlush>
      <SimpleTable
        label="Cost by step"
        rows={steps}
        getRowId={(row) => `${row.step} ${row.variant ?? ''}`}
        columns={[
          {
            id: 'step',
            header: 'Step',
            width: 150,
            cell: (row) => `${row.step}. ${channelName(row.channel)}${row.variant ? `, ${row.variant}` : ''}`,
          },
          {
            id: 'provider',
            header: 'Sent by',
            cell: (row) => (row.provider === 'local-outbox' ? 'Local outbox (files)' : sourceName(row.provider)),
          },
          { id: 'messages', header: 'Messages', align: 'end', cell: (row) => formatCount(row.messages) },
          {
            id: 'each',
            header: 'Each',
            align: 'end',
            cell: (row) =>
              row.cost_each === null ? 'Not known' : row.cost_each === 0 ? 'Free' : formatMicros(row.cost_each * 1e6),
          },
          {
            id: 'cost',
            header: 'Together',
            align: 'end',
            cell: (row) => {
              const cost = stepCost(row);
              return cost === null ? <span className="muted">No message can be made</span> : formatMicros(cost * 1e6);
            },
          },
          {
            id: 'budget',
            header: 'Left of its budget',
            width: 170,
            cell: (row) => <BudgetCell step={row} budgets={budgets} />,
          },
        ]}
      />
      {steps.some(({ variant }) => variant !== null) && (
        <p className={`small muted ${styles.padded}`}>
          Of a step with variants each recipient gets one; the dearest is counted in the sums.
        </p>
      )}
    </Card>
  );
}

function BudgetCell({ step, budgets }: { step: Preview['steps'][number]; budgets: Preview['budgets'] }) {
  if ((step.cost_each ?? 0) === 0) return <span className="muted">Needs none</span>;
  const found = budgetLeft(budgets, step.provider);
  if (found === null) return <span className="error-text">No budget: nothing would be bought</span>;
  const isShort = (stepCost(step) ?? 0) > found.left;
  return (
    <span className={isShort ? 'error-text' : undefined}>
      {formatMicros(found.left * 1e6)} of the {found.period}
      {isShort && ': the rest waits'}
    </span>
  );
}
