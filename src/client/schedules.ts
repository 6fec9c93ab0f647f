import type { County } from '../domain/county.ts';

/** One declared schedule: what `schedules apply` makes true on the server. */
export interface ScheduleDeclaration {
  /** The schedule's id and the journal's dag_id. */
  id: string;
  workflow:
    | 'heartbeat'
    | 'discoverySweep'
    | 'lifecycleSweep'
    | 'campaignSweep'
    | 'dailyBriefing'
    | 'feedbackRecalibration'
    | 'marketRefresh'
    | 'modelTraining'
    | 'rescoreSweep'
    | 'reportDispatch'
    | 'dataRetention';
  args:
    | []
    | [{ county: string }]
    | [{ dagId: string }]
    | [{ kind: 'enrich' | 'score' | 'memo' | 'outreach' | 'waiting'; dagId: string }];
  /** Five cron fields in the time zone. */
  cron: string;
  timeZone: string;
  jitter: `${number} seconds`;
  /** How late a missed run may still start, when the server was away. */
  catchUpWindow: `${number} minutes`;
  /** SKIP: a run that is still going is not joined by a second. BUFFER_ONE: one more runs after it. */
  overlap: 'SKIP' | 'BUFFER_ONE';
  note: string;
}

/** Every schedule of the system. A county's discovery runs in the county's own time. */
export function declareSchedules(counties: readonly County[]): ScheduleDeclaration[] {
  const sweep = (
    id: string,
    kind: 'enrich' | 'score' | 'memo' | 'outreach' | 'waiting',
    cron: string,
    note: string,
  ): ScheduleDeclaration => ({
    id,
    workflow: 'lifecycleSweep',
    args: [{ kind, dagId: id }],
    cron,
    timeZone: 'Etc/UTC',
    jitter: '60 seconds',
    catchUpWindow: '60 minutes',
    overlap: 'SKIP',
    note,
  });
  return [
    {
      id: 'sys_heartbeat',
      workflow: 'heartbeat',
      args: [],
      cron: '*/5 * * * *',
      timeZone: 'Etc/UTC',
      jitter: '5 seconds',
      catchUpWindow: '1 minutes',
      overlap: 'SKIP',
      note: 'Looks at the database, Temporal, the store, the browser.',
    },
    ...counties.map(
      (county): ScheduleDeclaration => ({
        id: `discovery_offmarket:${county.slug}`,
        workflow: 'discoverySweep',
        args: [{ county: county.slug }],
        cron: county.schedule.cron,
        timeZone: county.schedule.time_zone,
        jitter: '300 seconds',
        catchUpWindow: '120 minutes',
        overlap: 'SKIP',
        note: `Reads the sources of ${county.name}, ${county.state}.`,
      }),
    ),
    sweep('enrichment_property', 'enrich', '15 2 * * *', 'Enriches again what has expired.'),
    {
      ...sweep(
        'score_master',
        'score',
        '45 3 * * *',
        'Scores again what other weights, models, facts or fewer sales made.',
      ),
      workflow: 'rescoreSweep',
      args: [{ dagId: 'score_master' }],
    },
    sweep('docgen_packet', 'memo', '*/30 * * * *', 'Writes the memos that are missing.'),
    {
      ...sweep(
        'email_campaign',
        'outreach',
        '0 15 * * *',
        'Has each active campaign choose the properties of the day.',
      ),
      workflow: 'campaignSweep',
      args: [{ dagId: 'email_campaign' }],
    },
    sweep(
      'follow_up',
      'outreach',
      '30 15 * * *',
      'Sends follow-ups that are due and what a cap, a window or a budget held back; settles interrupted sends.',
    ),
    {
      id: 'reports',
      workflow: 'reportDispatch',
      args: [],
      cron: '*/5 * * * *',
      timeZone: 'Etc/UTC',
      jitter: '10 seconds',
      catchUpWindow: '10 minutes',
      overlap: 'SKIP',
      note: 'Mails the reports and the digests of saved searches that are due.',
    },
    {
      id: 'data_retention',
      workflow: 'dataRetention',
      args: [],
      cron: '20 1 * * *',
      timeZone: 'Etc/UTC',
      jitter: '300 seconds',
      catchUpWindow: '720 minutes',
      overlap: 'SKIP',
      note: 'Deletes what is old: kept answers, tokens, decisions, mails, files of reports, months of the event log.',
    },
    {
      id: 'market_refresh',
      workflow: 'marketRefresh',
      args: [{ dagId: 'market_refresh' }],
      cron: '30 4 * * *',
      timeZone: 'Etc/UTC',
      jitter: '60 seconds',
      catchUpWindow: '720 minutes',
      overlap: 'SKIP',
      note: 'Computes what is stale in the market marts from the raw feeds, to the end.',
    },
    {
      id: 'daily_briefing',
      workflow: 'dailyBriefing',
      args: [{ dagId: 'daily_briefing' }],
      // Time zones begin their hours at quarters of one.
      cron: '*/15 * * * *',
      timeZone: 'Etc/UTC',
      jitter: '5 seconds',
      catchUpWindow: '15 minutes',
      overlap: 'SKIP',
      note: 'Makes and delivers the briefing of each tenant whose clock has passed 06:00.',
    },
    {
      id: 'feedback_recalibration',
      workflow: 'feedbackRecalibration',
      args: [{ dagId: 'feedback_recalibration' }],
      cron: '0 3 * * 0',
      timeZone: 'Etc/UTC',
      jitter: '600 seconds',
      catchUpWindow: '1440 minutes',
      overlap: 'SKIP',
      note: 'Learns from outcomes what the confidence of each tool is worth.',
    },
    {
      id: 'model_training',
      workflow: 'modelTraining',
      args: [{ dagId: 'model_training' }],
      cron: '0 5 1 * *',
      timeZone: 'Etc/UTC',
      jitter: '600 seconds',
      catchUpWindow: '1440 minutes',
      overlap: 'SKIP',
      note: 'Trains the valuation models of markets with enough new sales; a challenger takes over only when it wins.',
    },
  ];
}
