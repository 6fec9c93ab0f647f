/** A schedule as the server knows it now. */
export interface PipelineSchedule {
  id: string;
  /** What it does. */
  description: string;
  /** What was said when it was paused; null while it is active. */
  note: string | null;
  cron: string;
  timeZone: string;
  overlap: string;
  /** `missing`: declared, not on the server. */
  state: 'active' | 'paused' | 'missing';
  nextRunAt: Date | null;
  lastRunAt: Date | null;
  /** How the last run went; null when there was none, or nothing of it is kept any more. */
  lastStatus: RunStatus | null;
  /** How often it has run. */
  runs: number;
}

/** One execution of a schedule's workflow. */
export interface PipelineRun {
  runId: string;
  workflowId: string;
  scheduleId: string;
  status: RunStatus;
  startedAt: Date;
  closedAt: Date | null;
}
export const RUN_STATUSES = ['running', 'success', 'failed', 'cancelled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** One activity of a run: its name, how it went and why it failed; never what went in or came out. */
export interface PipelineTask {
  id: string;
  name: string;
  status: 'scheduled' | 'running' | 'success' | 'failed' | 'cancelled';
  attempt: number;
  /** What it said when it failed, or when its last attempt did. */
  error: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
}

/**
 * Schedules and their runs behind the API. Schedules are the installation's, not a tenant's.
 * Methods that name a schedule throw ReosError `not_found` for one that is not declared or not on the server.
 */
export interface PipelineDoor {
  schedules(): Promise<PipelineSchedule[]>;
  /** Runs of schedules, newest first; with `runId` that one alone, if it is one. */
  runs(filter: { scheduleId?: string; status?: RunStatus; runId?: string; limit: number }): Promise<PipelineRun[]>;
  /**
   * Activities of one run that are the tenant's or nobody's; null when there is no such run.
   * @param isOwn whether the run itself is known to be the tenant's: then it need not be a schedule's
   */
  tasks(run: { runId: string; tenantId: string; isOwn: boolean }): Promise<PipelineTask[] | null>;
  /** Starts the schedule's workflow now. Throws `conflict` while one runs that a second may not join. */
  trigger(scheduleId: string): Promise<{ runId: string }>;
  pause(scheduleId: string, note: string): Promise<void>;
  resume(scheduleId: string, note: string): Promise<void>;
  backfill(scheduleId: string, span: { from: Date; to: Date }): Promise<void>;
}
