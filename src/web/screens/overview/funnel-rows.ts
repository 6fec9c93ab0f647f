/** A stage of the way from found to closed. */
export interface FunnelRow {
  stage: string;
  name: string;
  /** Properties that are in it now. */
  here: number;
  /** Properties that came this far, whatever became of them. */
  reached: number;
  /** Shares of all properties, 0 to 1: those here, and those that went on. */
  hereShare: number;
  beyondShare: number;
  /** Share of the stage before that came this far; null where nobody could. */
  conversion: number | null;
  medianHours: number | null;
}

const NAMES: Readonly<Record<string, string>> = {
  new: 'Found',
  ready: 'Ready',
  enriched: 'Enriched',
  scored: 'Scored',
  packet_ready: 'Memo written',
  contacted: 'Contacted',
  engaged: 'Engaged',
  closed: 'Closed',
};

/** The stages with their shares. Stages that nothing is in and everything passed are left out, but the first stays. */
export function funnelRows(answer: {
  total: number;
  funnel: ReadonlyArray<{ stage: string; here: number; reached: number; median_hours: number | null }>;
}): FunnelRow[] {
  const share = (count: number) => (answer.total === 0 ? 0 : count / answer.total);
  const rows = answer.funnel.map((one, at): FunnelRow => {
    const before = at === 0 ? answer.total : (answer.funnel[at - 1]?.reached ?? 0);
    return {
      stage: one.stage,
      name: NAMES[one.stage] ?? one.stage,
      here: one.here,
      reached: one.reached,
      hereShare: share(one.here),
      beyondShare: share(Math.max(0, one.reached - one.here)),
      conversion: before === 0 ? null : one.reached / before,
      medianHours: one.median_hours,
    };
  });
  return rows.filter(({ stage, here }) => stage !== 'ready' || here > 0);
}

/** `2 min`, `3.4 h`, `5 days`: how long the median property took to the next stage. */
export function formatHours(hours: number | null): string | null {
  if (hours === null) return null;
  if (hours < 1) return `${Math.max(1, Math.round(hours * 60))} min`;
  if (hours < 48) return `${Math.round(hours * 10) / 10} h`;
  return `${Math.round(hours / 24)} days`;
}
