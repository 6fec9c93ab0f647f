import { useQueryClient } from '@tanstack/react-query';
import { Download, Settings2 } from 'lucide-react';
import { useState } from 'react';
import { formatFigure } from '../../../domain/market/figures.ts';
import { api, type Schemas } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount, formatDay, formatMoment } from '../../lib/format.ts';
import { Badge, StatusBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckboxField } from '../../ui/field.tsx';
import { Card, Page, Stat, Stats } from '../../ui/page.tsx';
import { EmptyState, messageOf, QueryView } from '../../ui/states.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ChannelsDialog } from './channels-dialog.tsx';
import { downloadFile } from './download.ts';
import { MarkdownView } from './markdown-view.tsx';
import styles from './market.module.css';
import { bySeverity } from './market-words.ts';
import { MarketTabs } from './parts.tsx';
import { useAddress } from './use-address.ts';

/** The briefing of each morning, and where it goes. */
export function BriefingsScreen() {
  const [address, change] = useAddress();
  const may = useMay();
  const [dialog, setDialog] = useState<'run' | 'channels' | null>(null);
  const query = api.useQuery('get', '/api/v1/briefings', { params: { query: { limit: 60 } } });
  const chosen = address.briefing ?? query.data?.items[0]?.id;
  const run = may('properties:update') && (
    <Button variant="primary" onClick={() => setDialog('run')}>
      Make today’s briefing now
    </Button>
  );
  return (
    <Page
      title="Briefings"
      about="What changed in your markets, each morning at six"
      actions={
        <>
          <Button icon={<Settings2 size={16} />} onClick={() => setDialog('channels')}>
            Where it goes
          </Button>
          {run}
        </>
      }
    >
      <MarketTabs />
      <QueryView
        query={query}
        lines={8}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <EmptyState title="There is no briefing yet" action={run}>
            One is made each morning from the market feeds; you can make the one of today now.
          </EmptyState>
        }
      >
        {({ items }) => (
          <div className={styles.reading}>
            <Card title="Days" isFlush>
              <ul className={styles.days}>
                {items.map((one) => (
                  <li key={one.id}>
                    <button
                      type="button"
                      aria-current={one.id === chosen ? 'true' : undefined}
                      onClick={() => change({ briefing: one.id })}
                    >
                      <b>{formatDay(one.day)}</b>
                      <span className="small muted">
                        {formatCount(one.packet_ids.length)} {one.packet_ids.length === 1 ? 'decision' : 'decisions'}
                        {one.author === 'agent' && ', with the model’s words'}
                      </span>
                    </button>
                  </li>
                ))}
              </ul>
            </Card>
            {chosen !== undefined && <Briefing key={chosen} id={chosen} />}
          </div>
        )}
      </QueryView>
      {dialog === 'run' && <RunDialog onClose={() => setDialog(null)} onMade={(id) => change({ briefing: id })} />}
      {dialog === 'channels' && <ChannelsDialog onClose={() => setDialog(null)} />}
    </Page>
  );
}

function Briefing({ id }: { id: string }) {
  const query = api.useQuery('get', '/api/v1/briefings/{id}', { params: { path: { id } } });
  return (
    <div className="stack">
      <QueryView query={query} lines={12}>
        {(briefing) => <BriefingBody briefing={briefing} />}
      </QueryView>
    </div>
  );
}

function BriefingBody({ briefing }: { briefing: Schemas['Briefing'] }) {
  const { markdown, day, headlines, by_severity: counts } = briefing;
  return (
    <>
      {markdown === null && (
        <Stats>
          {headlines
            .filter(({ value }) => value !== null)
            .map(({ key, label, value, unit }) => (
              <Stat key={key} label={label} value={formatFigure(value, unit)} />
            ))}
        </Stats>
      )}
      <Card
        title={`Briefing of ${formatDay(day)}`}
        actions={
          markdown !== null && (
            <Button
              size="small"
              icon={<Download size={14} />}
              onClick={() => downloadFile(`briefing-${day}.md`, 'text/markdown', markdown)}
            >
              Markdown
            </Button>
          )
        }
      >
        <div className="stack">
          <p className="row small muted">
            Made {formatMoment(briefing.created_at)}
            {briefing.data_through !== null && ` · data through ${formatDay(briefing.data_through)}`}
            {' · '}
            {briefing.delivered_at === null ? 'not delivered' : `delivered ${formatMoment(briefing.delivered_at)}`}
            {Object.entries(counts)
              .sort(([a], [b]) => bySeverity(a, b))
              .map(([severity, count]) => (
                <span key={severity} className="row">
                  <StatusBadge status={severity} /> {formatCount(count)}
                </span>
              ))}
            {briefing.author === 'agent' && <Badge tone="info">with the model’s words, checked</Badge>}
          </p>
          {markdown === null ? (
            <EmptyState title="The file of this briefing is gone">
              Its figures above are kept; make the briefing of today again to have its text.
            </EmptyState>
          ) : (
            <MarkdownView text={markdown} topLevel={3} />
          )}
        </div>
      </Card>
    </>
  );
}

function RunDialog({ onClose, onMade }: { onClose: () => void; onMade: (id: string) => void }) {
  const queries = useQueryClient();
  const [deliver, setDeliver] = useState(false);
  const run = api.useMutation('post', '/api/v1/briefings/run');
  const start = async () => {
    try {
      const made = await run.mutateAsync({ body: { deliver } });
      await queries.invalidateQueries({
        predicate: ({ queryKey }) => /^\/api\/v1\/(briefings|decision-packets)/.test(String(queryKey[1])),
      });
      showToast(`Briefing of ${formatDay(made.day)}: ${formatCount(made.packet_ids.length)} decisions`);
      onMade(made.id);
      onClose();
    } catch (error) {
      showToast(messageOf(error), { isError: true });
    }
  };
  return (
    <Dialog
      title="Make today’s briefing now"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" busy={run.isPending} onClick={() => void start()}>
            Make it
          </Button>
        </>
      }
    >
      <p>The briefing of a day is one: this replaces an earlier one of today, and brings the decisions up to date.</p>
      <CheckboxField
        label="Send it to its channels"
        hint="Each channel gets the briefing of a day once."
        checked={deliver}
        onChange={(event) => setDeliver(event.target.checked)}
      />
    </Dialog>
  );
}
