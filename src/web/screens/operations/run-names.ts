import { humanise } from '../../lib/format.ts';
import { countyName } from '../../lib/names.ts';

const NAMES: Readonly<Record<string, string>> = {
  sys_heartbeat: 'Health check',
  discovery_offmarket: 'Discovery',
  enrichment_property: 'Enrichment',
  score_master: 'Scoring',
  docgen_packet: 'Memos',
  email_campaign: 'Campaigns',
  follow_up: 'Follow-ups',
  reports: 'Reports and digests',
  data_retention: 'Deletion of old data',
  market_refresh: 'Market figures',
  daily_briefing: 'Daily briefing',
  feedback_recalibration: 'Confidence of the tools',
  model_training: 'Training of valuation models',
};

/** A schedule in words: `discovery_offmarket:king-wa` is Discovery, King County, WA. */
export function scheduleName(id: string): string {
  const [code = id, county] = id.split(':');
  const name = NAMES[code] ?? humanise(code);
  return county === undefined ? name : `${name}, ${countyName(county)}`;
}

/** An activity in words: `startLifecycles` is Start lifecycles. */
export function taskName(name: string): string {
  return humanise(
    name.replace(/([a-z])([A-Z])/g, (_, before: string, start: string) => `${before} ${start.toLowerCase()}`),
  );
}
