/** A run that was started, or joined when one was under way. */
export interface StartedRun {
  workflowId: string;
  runId: string;
}

/** How a run stands. */
export interface RunState<T> {
  status: 'running' | 'success' | 'failed';
  /** What it has done so far, or in all; null where that is not known. */
  done: T | null;
  problems: string[];
}

/** What scoring again has done. */
export interface RescoreDone {
  total: number;
  done: number;
  changed: number;
}

/** What reading a county's sources brought. */
export interface DiscoveryDone {
  sources: ReadonlyArray<{
    jobId: string | null;
    source: string;
    scraped: number;
    failed: number;
    duplicate: number;
    blocked: number;
  }>;
  lifecyclesStarted: number;
}

/** Runs of a tenant that a person starts and waits for. Both `…Of` give null for a run that is none of the tenant's. */
export interface RunDoor {
  rescore(order: { tenantId: string; county: string | undefined; mode: 'all' | 'outdated' }): Promise<StartedRun>;
  rescoreOf(tenantId: string, runId: string): Promise<RunState<RescoreDone> | null>;
  discover(order: { tenantId: string; county: string; startLifecycles: boolean }): Promise<StartedRun>;
  discoveryOf(tenantId: string, county: string, runId: string): Promise<RunState<DiscoveryDone> | null>;
}
