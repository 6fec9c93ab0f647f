import type { Installation } from './installation.ts';

/** Where the Temporal Web UI shows a workflow, and one run of it where that is known; null when there is no such UI. */
export function temporalLink(
  installation: Pick<Installation, 'temporal_ui_url' | 'temporal_namespace'> | undefined,
  workflow: { workflowId: string | null; runId?: string | undefined },
): string | null {
  const base = installation?.temporal_ui_url ?? null;
  if (base === null || workflow.workflowId === null || !/^https?:\/\//.test(base)) return null;
  const parts = ['namespaces', installation?.temporal_namespace || 'default', 'workflows', workflow.workflowId];
  const path = [...parts, ...(workflow.runId === undefined ? [] : [workflow.runId])].map(encodeURIComponent).join('/');
  return `${base.replace(/\/+$/, '')}/${path}`;
}
