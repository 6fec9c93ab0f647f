/** One task queue per kind of work, so that each is scaled and throttled alone. */
export const TASK_QUEUES = {
  scrape: 'scrape',
  enrich: 'enrich',
  core: 'core',
  render: 'render',
  send: 'send',
} as const;

export type TaskQueue = (typeof TASK_QUEUES)[keyof typeof TASK_QUEUES];
