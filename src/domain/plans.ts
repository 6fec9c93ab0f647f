/** What a tenant has booked. Spec P2. */
export const PLANS = ['free', 'professional', 'enterprise'] as const;
export type Plan = (typeof PLANS)[number];

/** What is counted: sums of a calendar month (UTC), and `storage_bytes`, which is what is kept now. */
export const METERS = ['properties', 'sends', 'scrapes', 'api_requests', 'storage_bytes'] as const;
export type Meter = (typeof METERS)[number];

/** Bounds of a plan; null: none. */
export interface PlanLimits {
  /** New properties in a calendar month. */
  propertiesPerMonth: number | null;
  /** Requests to the API in a minute, all callers of the tenant together. */
  requestsPerMinute: number;
  storageBytes: number | null;
  /** Messages of all channels in a calendar month. */
  sendsPerMonth: number | null;
  /** Counties being scraped at once. */
  concurrentScrapes: number;
  /** Event streams open at once. */
  openStreams: number;
}

const GIB = 1024 ** 3;

/** The bounds of each plan. Properties: spec P2. */
export const PLAN_LIMITS: Readonly<Record<Plan, PlanLimits>> = {
  free: {
    propertiesPerMonth: 100,
    requestsPerMinute: 300,
    storageBytes: GIB,
    sendsPerMonth: 200,
    concurrentScrapes: 1,
    openStreams: 20,
  },
  professional: {
    propertiesPerMonth: 1_000,
    requestsPerMinute: 600,
    storageBytes: 20 * GIB,
    sendsPerMonth: 10_000,
    concurrentScrapes: 4,
    openStreams: 100,
  },
  enterprise: {
    propertiesPerMonth: null,
    requestsPerMinute: 6_000,
    storageBytes: null,
    sendsPerMonth: null,
    concurrentScrapes: 16,
    openStreams: 1_000,
  },
};

/** The plan's bound on a meter; null: none. Requests are bounded by the minute, scrapes by how many
 * run at once. */
export function meterLimit(plan: Plan, meter: Meter): number | null {
  const limits = PLAN_LIMITS[plan];
  if (meter === 'properties') return limits.propertiesPerMonth;
  if (meter === 'sends') return limits.sendsPerMonth;
  return meter === 'storage_bytes' ? limits.storageBytes : null;
}

/** Whether a meter is a month's sum, or what is kept at the moment. */
export function isMonthly(meter: Meter): boolean {
  return meter !== 'storage_bytes';
}
