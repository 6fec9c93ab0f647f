import { Link, useSearch } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/permissions.ts';
import { formatCount } from '../../lib/format.ts';
import { FailedImports } from './failed-imports.tsx';
import { FailedProperties } from './failed-properties.tsx';
import { FAILURE_PARTS, readFailurePart } from './failure-parts.ts';
import { OpenQuestions } from './open-questions.tsx';
import styles from './operations.module.css';
import { OperationsPage } from './operations-page.tsx';
import { RefusedRows } from './refused-rows.tsx';

/** What did not go through: properties that stopped, rows that were refused, files that were not read. */
export function FailuresScreen() {
  const part = readFailurePart((useSearch({ strict: false }) as { part?: unknown }).part);
  const counts = useCounts();
  const mayUpload = useMay()('properties:create');
  return (
    <OperationsPage title="Operations" about="What did not go through, why, and how it goes on.">
      <nav className={styles.parts} aria-label="Kinds of failures">
        {FAILURE_PARTS.filter(({ id }) => id !== 'imports' || mayUpload).map(({ id, text }) => (
          <Link
            key={id}
            to="/operations/failures"
            search={{ part: id } as never}
            className={styles.part}
            aria-current={id === part ? 'page' : undefined}
          >
            {text}
            {counts[id] !== undefined && <span className="figures">{formatCount(counts[id])}</span>}
          </Link>
        ))}
      </nav>
      {part === 'properties' && <FailedProperties />}
      {part === 'rows' && <RefusedRows />}
      {part === 'imports' && <FailedImports />}
      {part === 'review' && <OpenQuestions />}
    </OperationsPage>
  );
}

function useCounts(): Partial<Record<(typeof FAILURE_PARTS)[number]['id'], number>> {
  const seen = { enabled: useMay()('properties:read') };
  const pipeline = api.useQuery('get', '/api/v1/analytics/pipeline', {}, seen);
  const stats = api.useQuery('get', '/api/v1/properties/stats', {}, seen);
  const refused = api.useQuery('get', '/api/v1/quarantine/stats', {}, seen);
  return {
    ...(pipeline.data && { properties: pipeline.data.failed }),
    ...(refused.data && { rows: refused.data.total }),
    ...(stats.data && { review: stats.data.needs_review }),
  };
}
