import type { QueryKey } from '@tanstack/react-query';

const EVERYWHERE = ['/api/v1/properties', '/api/lifecycles', '/api/metrics', '/api/v1/analytics', '/api/v1/activity'];

const MORE: Readonly<Record<string, readonly string[]>> = {
  'property.discovered': [
    '/api/v1/imports',
    '/api/scraping',
    '/api/v1/prospects',
    '/api/v1/counties',
    '/api/v1/quarantine',
    '/api/v1/sources',
  ],
  'property.enriched': ['/api/enrichment', '/api/v1/prospects', '/api/v1/budgets'],
  'property.scored': ['/api/scoring', '/api/v1/scoring', '/api/v1/scoreboard', '/api/v1/rescores'],
  'memo.generated': ['/api/v1/documents'],
  'outreach.sent': ['/api/v1/campaigns', '/api/v1/messages', '/api/v1/outreach', '/api/v1/outbox', '/api/v1/budgets'],
  'timeline.updated': [
    '/api/v1/comments',
    '/api/v1/notifications',
    '/api/v1/campaigns',
    '/api/v1/assignments',
    '/api/v1/outreach',
    '/api/v1/budgets',
  ],
};

/** The paths whose answers an event of this type may change. */
export function pathsOf(type: string): string[] {
  return [...EVERYWHERE, ...(MORE[type] ?? [])];
}

// What changes without an event of the tenant's log, or seldom: asked again now and then while it is on the screen.
const UNHEARD = [
  '/api/v1/decision-packets',
  '/api/v1/briefings',
  '/api/v1/intelligence',
  '/api/v1/market',
  '/api/v1/forecasts',
  '/api/v1/quarantine',
  '/api/v1/budgets',
  '/api/v1/schedules',
  '/api/v1/sources',
  '/api/v1/imports',
  '/api/v1/outreach',
  '/api/v1/webhooks',
  '/api/v1/notifications',
];

/** Answers that no event tells of are this old at most, on a screen that is looked at. */
export const UNHEARD_MS = 60_000;

/** How often an answer is asked again by itself because no event tells when it changes; false for all others. */
export function pollMs(queryKey: QueryKey): number | false {
  return isUnderAny(queryKey, UNHEARD) ? UNHEARD_MS : false;
}

/** Whether an event of any type may change the answer. */
export function isHeardOf(queryKey: QueryKey): boolean {
  if (queryKey[0] === 'property') return true;
  return isUnderAny(queryKey, EVERYWHERE) || Object.values(MORE).some((paths) => isUnderAny(queryKey, paths));
}

/** What events touched since the answers were last asked again. */
export interface Touched {
  paths: ReadonlySet<string>;
  /** The properties; null stands for events of no single property. */
  propertyIds: ReadonlySet<string | null>;
}

/** Whether the answer may have changed. One about a single property changes by that property's events alone. */
export function isTouched(queryKey: QueryKey, { paths, propertyIds }: Touched): boolean {
  if (!isUnderAny(queryKey, paths)) return false;
  const id = propertyOf(queryKey);
  return id === undefined || propertyIds.has(id) || propertyIds.has(null);
}

function propertyOf([, path, init]: QueryKey): string | undefined {
  if (typeof path !== 'string' || !path.startsWith('/api/v1/properties/{id}')) return undefined;
  const id = (init as { params?: { path?: { id?: unknown } } } | undefined)?.params?.path?.id;
  return typeof id === 'string' ? id : undefined;
}

function isUnderAny([, path]: QueryKey, prefixes: Iterable<string>): boolean {
  if (typeof path !== 'string') return false;
  for (const prefix of prefixes) if (path === prefix || path.startsWith(`${prefix}/`)) return true;
  return false;
}
