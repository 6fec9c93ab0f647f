import { DETECTION, type WeekScores } from './detect.ts';

/** A stretch of weeks that stands out on one side. Indexes into the series. */
export interface Episode {
  direction: 1 | -1;
  /** First and last week that belong to it. */
  from: number;
  to: number;
  /** The week in which it first was an alarm: nothing later was needed for that. */
  alarmAt: number;
  /** The week that stands out most. */
  peakAt: number;
  /** Greatest strength; 1 is the threshold. */
  strength: number;
  /** Whether it still goes on in the newest week with a value. */
  isOpen: boolean;
}

/** A week belongs to an episode from this strength on. */
const LINK = 0.5;

/**
 * The episodes that go on in week `first` or later, by time of their alarm. One week back inside the usual does not end
 * one.
 */
export function findEpisodes(scores: WeekScores, first: number): Episode[] {
  const { z, strength } = scores;
  const found: Episode[] = [];
  for (const direction of [1, -1] as const) {
    let episode: Episode | null = null;
    for (let at = 0; at < strength.length; at += 1) {
      const now = direction * strength[at]!;
      if (episode !== null && at - episode.to > 2) episode = null;
      if (!(now >= LINK)) continue;
      if (episode === null) {
        if (now < 1) continue;
        episode = {
          direction,
          from: startOf(scores, at, direction),
          to: at,
          alarmAt: at,
          peakAt: at,
          strength: now,
          isOpen: false,
        };
        found.push(episode);
      }
      episode.to = at;
      episode.strength = Math.max(episode.strength, now);
      if (direction * z[at]! > direction * z[episode.peakAt]!) episode.peakAt = at;
    }
  }
  const newest = z.findLastIndex((score) => !Number.isNaN(score));
  for (const episode of found) episode.isOpen = newest - episode.to <= 1;
  return found.filter(({ to }) => to >= first).sort((a, b) => a.alarmAt - b.alarmAt);
}

/** The first week of the stretch up to the alarm in which the figure was clearly on that side. */
function startOf({ z }: WeekScores, alarmAt: number, direction: 1 | -1): number {
  let start = alarmAt;
  const least = Math.max(0, alarmAt - DETECTION.stretchWeeks + 1);
  while (start > least && direction * z[start - 1]! >= 1.5) start -= 1;
  return start;
}
