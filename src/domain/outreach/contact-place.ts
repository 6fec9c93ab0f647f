import { IANAZone } from 'luxon';
import { z } from 'zod';

const zone = z
  .string()
  .refine((name) => IANAZone.isValidZone(name), 'must be an IANA time zone such as America/Chicago');
const prefix = /^\d{3}$/;

/** `time-zones.yaml` as written. */
export const placesSchema = z.strictObject({
  states: z.record(
    z.string().regex(/^[A-Z]{2}$/),
    z.strictObject({
      name: z.string().min(1),
      zone,
      /** Ranges of three-digit prefixes, such as `733, 750-799`. */
      zips: z
        .string()
        .regex(/^\d{3}(-\d{3})?(, \d{3}(-\d{3})?)*$/, 'must be ranges of three digits, such as 733, 750-799'),
      /** Prefixes of another zone, or (two zones) of either. */
      prefixes: z.record(z.string().regex(prefix), z.array(zone).min(1)).optional(),
    }),
  ),
});

export type Places = z.infer<typeof placesSchema>;

/** Where a contact is: what quiet hours need to know. */
export interface ContactPlace {
  state: string | null;
  /** IANA name. */
  timeZone: string;
}

export type PlaceAnswer = { ok: true; place: ContactPlace } | { ok: false; field: string; message: string };

/** The two-letter state for `wa`, `WA` or `Washington`; null for anything else. */
export function stateCode(places: Places, text: string): string | null {
  const wanted = text.trim().replace(/\.$/, '').toLowerCase();
  if (wanted.toUpperCase() in places.states) return wanted.toUpperCase();
  return Object.entries(places.states).find(([, { name }]) => name.toLowerCase() === wanted)?.[0] ?? null;
}

/** The state whose range holds the ZIP code; null when none does. */
export function stateOfZip(places: Places, zipCode: string): string | null {
  const head = Number(zipCode.slice(0, 3));
  const holds = (range: string) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return head >= from && head <= to;
  };
  return Object.entries(places.states).find(([, { zips }]) => zips.split(', ').some(holds))?.[0] ?? null;
}

/**
 * A ZIP code as five (or nine) digits, or null when it is none. Zeros that a spreadsheet took away come back where the
 * state has such ZIP codes.
 */
export function normaliseZip(places: Places, text: string, state: string | null): string | null {
  const trimmed = text.trim().replace(/\.0$/, '');
  if (/^\d{5}(-\d{4})?$/.test(trimmed)) return trimmed;
  if (/^\d{9}$/.test(trimmed)) return `${trimmed.slice(0, 5)}-${trimmed.slice(5)}`;
  if (!/^\d{3,4}$/.test(trimmed) || state === null) return null;
  const padded = trimmed.padStart(5, '0');
  return stateOfZip(places, padded) === state ? padded : null;
}

/**
 * The state and time zone of a contact from what is known of it. A zone that is given counts; else the state and ZIP
 * code decide, and where they leave two zones open the answer is a problem, not a guess.
 */
export function placeOf(
  places: Places,
  known: { state: string | null; zipCode: string | null; timeZone: string | null },
): PlaceAnswer {
  const state = known.state ?? (known.zipCode === null ? null : stateOfZip(places, known.zipCode));
  if (known.timeZone !== null) {
    if (IANAZone.isValidZone(known.timeZone)) return { ok: true, place: { state, timeZone: known.timeZone } };
    const message = `'${known.timeZone}' is no time zone; use an IANA name such as America/Chicago`;
    return { ok: false, field: 'time zone', message };
  }
  const rule = state === null ? undefined : places.states[state];
  if (state === null || rule === undefined) {
    const message = 'is unknown: give a ZIP code, a state, or a time zone';
    return { ok: false, field: 'time zone', message };
  }
  if (rule.prefixes === undefined) return { ok: true, place: { state, timeZone: rule.zone } };
  if (known.zipCode === null) {
    const message = `${rule.name} lies in more than one time zone: give a ZIP code or a time zone`;
    return { ok: false, field: 'time zone', message };
  }
  const [first = rule.zone, second] = rule.prefixes[known.zipCode.slice(0, 3)] ?? [];
  if (second === undefined) return { ok: true, place: { state, timeZone: first } };
  const message = `ZIP codes ${known.zipCode.slice(0, 3)}xx lie in ${first} and ${second}: give a time zone`;
  return { ok: false, field: 'time zone', message };
}
