import type { InjectedAnomaly } from './shape.ts';

/** An alarm as detection states it. */
export interface StatedAlarm {
  market: string;
  metric: string;
  direction: 1 | -1;
  /** Monday of the week of the alarm, and of the last week it speaks of. */
  alarmWeek: string;
  to: string;
  /** Rows that are missing, not a figure that stands out. */
  isGap?: boolean;
}

/** How alarms stand against the truth. */
export interface DetectionScore {
  injected: number;
  found: number;
  /** Alarms on the figure of an injected anomaly, on its side, in its weeks. */
  right: number;
  /** Alarms on figures that an injected anomaly moves along: neither right nor wrong. */
  consequent: number;
  wrong: number;
  /** NaN without an alarm that counts. */
  precision: number;
  /** NaN without an anomaly. */
  recall: number;
  missed: InjectedAnomaly[];
  wrongAlarms: StatedAlarm[];
}

/** Weeks after its end in which an anomaly's own figure, and those it moves, come back. */
const OWN_WEEKS = 1;
const CONSEQUENCE_WEEKS = 6;
const DRAIN_WEEKS = 11;

const shift = (day: string, weeks: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + weeks * 7 * 86_400_000).toISOString().slice(0, 10);

/**
 * Precision and recall of alarms. An injected anomaly is found when an alarm on its figure and side is raised within its
 * weeks or the one after.
 */
export function measureDetection(truth: readonly InjectedAnomaly[], alarms: readonly StatedAlarm[]): DetectionScore {
  const ownOf = (alarm: StatedAlarm) =>
    truth.find(
      (one) =>
        one.market === alarm.market &&
        (one.kind === 'data_gap') === (alarm.isGap === true) &&
        (one.metric === alarm.metric || (one.kind === 'data_gap' && one.consequences.includes(alarm.metric))) &&
        one.direction === alarm.direction &&
        alarm.alarmWeek >= one.from &&
        alarm.alarmWeek <= shift(one.to, OWN_WEEKS),
    );
  const isConsequent = (alarm: StatedAlarm) =>
    truth.some(
      (one) =>
        one.market === alarm.market &&
        (one.metric === alarm.metric || one.consequences.includes(alarm.metric)) &&
        alarm.to >= one.from &&
        alarm.alarmWeek <= shift(one.to, one.kind === 'inventory_surge' ? DRAIN_WEEKS : CONSEQUENCE_WEEKS),
    );
  const found = new Set<InjectedAnomaly>();
  const wrongAlarms: StatedAlarm[] = [];
  let [right, consequent] = [0, 0];
  for (const alarm of alarms) {
    const own = ownOf(alarm);
    if (own !== undefined) {
      right += 1;
      found.add(own);
    } else if (isConsequent(alarm)) consequent += 1;
    else wrongAlarms.push(alarm);
  }
  const wrong = wrongAlarms.length;
  return {
    injected: truth.length,
    found: found.size,
    right,
    consequent,
    wrong,
    precision: right / (right + wrong),
    recall: found.size / truth.length,
    missed: truth.filter((one) => !found.has(one)),
    wrongAlarms,
  };
}
