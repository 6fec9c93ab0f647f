import type { QualityMetric } from '../../db/queries/discovery.ts';
import type { County } from '../../domain/county.ts';

/**
 * Holds a finished run against the county's thresholds. A site of which every page was walled off is no success, however
 * cleanly the walls were recorded. Files may be small, so the minimum of rows counts for sites alone.
 */
export function measureQuality(
  county: County,
  run: { jobId: string; source: string; scraped: number; failed: number; blocked: number },
  isSite: boolean,
): { metrics: QualityMetric[]; problem: string | null } {
  const rows = run.scraped + run.failed;
  const validShare = rows === 0 ? 0 : run.scraped / rows;
  const { min_valid_share: minShare, min_rows: minRows } = county.quality;
  const entity = { entityType: 'scraping_job', entityId: run.jobId, metricType: 'discovery' };
  const metrics: QualityMetric[] = [
    { ...entity, metricName: 'valid_share', value: validShare, threshold: minShare, isPassing: validShare >= minShare },
  ];
  if (isSite)
    metrics.push({ ...entity, metricName: 'rows', value: rows, threshold: minRows, isPassing: rows >= minRows });
  const where = `${run.source} in ${county.slug}`;
  if (rows === 0 && run.blocked > 0) {
    return {
      metrics,
      problem: `${where}: all ${run.blocked} pages were blocked. Ask the site for permission or use saved pages.`,
    };
  }
  if (validShare < minShare) {
    return {
      metrics,
      problem: `${where}: ${run.failed} of ${rows} rows were refused, more than quality.min_valid_share (${minShare}) of config/counties/${county.slug}.yaml allows. See the quarantine for the reasons.`,
    };
  }
  if (isSite && rows < minRows) {
    return {
      metrics,
      problem: `${where}: ${rows} rows came, fewer than quality.min_rows (${minRows}) of config/counties/${county.slug}.yaml.`,
    };
  }
  return { metrics, problem: null };
}
