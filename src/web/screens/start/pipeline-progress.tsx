import { api } from '../../app/api.ts';
import { formatCount, formatPercent } from '../../lib/format.ts';
import { QueryView } from '../../ui/states.tsx';
import styles from './pipeline-progress.module.css';
import { isSettled, type Stage, stagesOf } from './stages.ts';

/** How far the organisation's properties are, by stage, as events come. */
export function PipelineProgress() {
  const query = useFunnel();
  return (
    <QueryView query={query} label="Loading the pipeline" lines={3}>
      {({ stages, total }) => <Stages stages={stagesOf(stages)} total={total} />}
    </QueryView>
  );
}

/** Properties by status; asked again while any of them is under way, beside the events that renew it. */
export function useFunnel() {
  return api.useQuery(
    'get',
    '/api/metrics/funnel',
    {},
    { refetchInterval: ({ state }) => (state.data && !isSettled(state.data.stages) ? 5_000 : false) },
  );
}

function Stages({ stages, total }: { stages: readonly Stage[]; total: number }) {
  return (
    <ol className={styles.stages} aria-label="Properties by stage">
      {stages.map(({ name, about, count }) => (
        <li key={name} data-full={count > 0 || undefined}>
          <span className={styles.name}>{name}</span>
          <strong className="figures">{formatCount(count)}</strong>
          <span className={styles.track} aria-hidden="true">
            <span style={{ width: formatPercent(total === 0 ? 0 : count / total, 1) }} />
          </span>
          <span className="small muted">{about}</span>
        </li>
      ))}
    </ol>
  );
}
