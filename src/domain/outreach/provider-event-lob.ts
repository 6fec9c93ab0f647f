import { bounced, type EventMeaning } from './provider-event.ts';

const NOTHING: EventMeaning = { status: null, suppress: null, counts: null };

// Lob's event types of a piece of mail, behind `letter.`, `postcard.` or `self_mailer.` (and `certified.` for letters).
const MEANINGS: Readonly<Record<string, EventMeaning>> = {
  created: { ...NOTHING, status: 'sent' },
  rendered_pdf: { ...NOTHING, status: 'sent' },
  rendered_thumbnails: { ...NOTHING, status: 'sent' },
  mailed: { ...NOTHING, status: 'sent' },
  issued: { ...NOTHING, status: 'sent' },
  in_transit: { ...NOTHING, status: 'sent' },
  in_local_area: { ...NOTHING, status: 'sent' },
  processed_for_delivery: { ...NOTHING, status: 'sent' },
  pickup_available: { ...NOTHING, status: 'sent' },
  international_exit: { ...NOTHING, status: 'sent' },
  're-routed': { ...NOTHING, status: 'sent' },
  delivered: { ...NOTHING, status: 'delivered' },
  // The post could not deliver to the address: the hard bounce of a letter.
  returned_to_sender: bounced('hard'),
  failed: { ...NOTHING, status: 'error' },
  rejected: { ...NOTHING, status: 'error' },
  deleted: { ...NOTHING, status: 'error' },
};

/**
 * The meaning of a Lob event (`event_type.id` as in Lob's API reference). Null when it tells of something else than a
 * piece of mail. What becomes of a letter's return envelope says nothing about the letter.
 */
export function lobMeaning(eventType: string): EventMeaning | null {
  const [, rest] = /^(?:letter|postcard|self_mailer)\.(.+)$/.exec(eventType) ?? [];
  if (rest === undefined) return null;
  const word = rest.replace(/^certified\./, '');
  return Object.hasOwn(MEANINGS, word) ? (MEANINGS[word] as EventMeaning) : NOTHING;
}
