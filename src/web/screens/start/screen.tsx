import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMay } from '../../app/permissions.ts';
import { classNames } from '../../ui/class-names.ts';
import { Card, Page } from '../../ui/page.tsx';
import { NoPermission, QueryView } from '../../ui/states.tsx';
import { useImport } from '../upload/file.tsx';
import { Reading } from '../upload/reading.tsx';
import { RowCounts, Running } from '../upload/running.tsx';
import { Uploader } from '../upload/uploader.tsx';
import { BestProperty } from './best-property.tsx';
import { LiveFeed } from './live-feed.tsx';
import { PipelineProgress, useFunnel } from './pipeline-progress.tsx';
import { SampleFile } from './sample-file.tsx';
import { countOf, hasResult, STEPS, type Step, stepOf } from './stages.ts';
import styles from './start.module.css';

/** The first run: a file, its columns, the pipeline live, and the memo of the best property. */
export function StartScreen() {
  const may = useMay();
  const { import: importId } = useSearch({ strict: false }) as { import?: string };
  if (!may('properties:create')) {
    return (
      <Page title="Start">
        <NoPermission what="the guided start, which imports a file" needs="properties:create" />
      </Page>
    );
  }
  return importId === undefined ? <ChooseFile /> : <Guided importId={importId} />;
}

function Frame({ step, children }: { step: Step; children: ReactNode }) {
  return (
    <Page
      title="Start"
      about="From a file to an investor memo in about two minutes. No account anywhere, and nothing is sent to anybody."
      actions={<Link to="/">Leave the guide</Link>}
    >
      <ol className={styles.steps} aria-label="Steps">
        {STEPS.map(({ name, text }, index) => {
          const place = index - STEPS.findIndex((one) => one.name === step);
          return (
            <li
              key={name}
              className={classNames(place < 0 && styles.done, place === 0 && styles.now)}
              aria-current={place === 0 ? 'step' : undefined}
            >
              <span className={styles.number}>{place < 0 ? <Check size={14} aria-label="done" /> : index + 1}</span>
              {text}
            </li>
          );
        })}
      </ol>
      {children}
    </Page>
  );
}

function ChooseFile() {
  const navigate = useNavigate();
  const goOn = ({ id }: { id: string }) => void navigate({ to: '/start', search: { import: id } as never });
  return (
    <Frame step="file">
      <div className="grid">
        <Card title="Try it with an invented file">
          <SampleFile onUploaded={goOn} />
        </Card>
        <Card title="Use a file of your own">
          <Uploader onUploaded={goOn} />
        </Card>
      </div>
    </Frame>
  );
}

function Guided({ importId }: { importId: string }) {
  const query = useImport(importId);
  const funnel = useFunnel();
  return (
    <QueryView query={query} label="Loading the file" lines={8}>
      {(detail) => {
        const stages = funnel.data?.stages;
        const step = stepOf(detail.status, stages);
        if (step === 'columns') {
          return (
            <Frame step="columns">
              <p>
                This is what the columns of <strong>{detail.file_name}</strong> are taken for. Change what is wrong,
                then import.
              </p>
              <Reading detail={detail} />
            </Frame>
          );
        }
        const isOver = step === 'memo';
        const best = stages !== undefined && hasResult(stages) && (
          <BestProperty hasMemo={countOf(stages, ['packet_ready']) > 0} isOver={isOver} />
        );
        return (
          <Frame step={step}>
            {detail.status === 'running' && <Running detail={detail} />}
            {isOver && best}
            <Card title={isOver ? 'All properties are through' : 'The pipeline, as it happens'}>
              <div className="stack">
                <PipelineProgress />
                {!isOver && <LiveFeed />}
              </div>
            </Card>
            {!isOver && best}
            {detail.status !== 'running' && (
              <Card title={detail.problem === null ? 'The file was read' : 'The file was read in part'}>
                <div className="stack">
                  {detail.problem !== null && <p className="error-text">{detail.problem}</p>}
                  <RowCounts detail={detail} />
                  <Link to="/upload/$importId" params={{ importId }}>
                    Everything about this file
                  </Link>
                </div>
              </Card>
            )}
            {isOver && <WhatNext />}
          </Frame>
        );
      }}
    </QueryView>
  );
}

const NEXT = [
  {
    to: '/properties',
    text: 'Go through all properties',
    about: 'Filter, sort and decide, by keyboard if you like',
    needs: 'properties:read',
  },
  {
    to: '/campaigns/new',
    text: 'Build a campaign',
    about: 'Preview it as its readers see it; nothing is sent before you approve',
    needs: 'outreach:update',
  },
  {
    to: '/settings/users',
    text: 'Invite colleagues',
    about: 'Each role sees and may do just what it needs',
    needs: 'users:update',
  },
] as const;

function WhatNext() {
  const may = useMay();
  return (
    <Card title="What next">
      <ul className={styles.next}>
        {NEXT.filter(({ needs }) => may(needs)).map(({ to, text, about }) => (
          <li key={to}>
            <Link to={to}>{text}</Link>
            <span className="small muted">{about}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
