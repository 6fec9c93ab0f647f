import { type BuyBox, type BuyBoxSubject, matchesBuyBox } from './buy-box.ts';
import type { ChannelKind } from './contact.ts';

/** What of a campaign decides who is written to about what. Counties as FIPS codes; empty lists mean any. */
export interface AudienceCampaign {
  kind: 'investor' | 'owner';
  channel: ChannelKind;
  minScore: number;
  countyFips: readonly string[];
  propertyTypes: readonly string[];
  contactTags: readonly string[];
  /** Tags of properties; one of them is enough. */
  propertyTags?: readonly string[];
}

/** A property that a campaign may be about. `ownerIds`: contacts of the seller's side. */
export interface AudienceProperty extends BuyBoxSubject {
  id: string;
  birdDogScore: number | null;
  packetId: string | null;
  ownerIds: readonly string[];
  /** Names of its tags. */
  propertyTags?: readonly string[];
}

/** A contact as the campaign's first channel sees it. */
export interface AudienceContact {
  id: string;
  hasAddress: boolean;
  /** Why the address is suppressed; null when it is not. */
  suppression: string | null;
  /** Whether a consent is on record; only text messages need one. */
  hasConsent: boolean;
  tags: readonly string[];
  boxes: readonly BuyBox[];
}

/** Why somebody or something is passed over, as preview counts it. */
export type PassedOver =
  | 'score'
  | 'county'
  | 'property_type'
  | 'property_tags'
  | 'no_memo'
  | 'no_owner'
  | 'no_address'
  | 'suppressed'
  | 'no_consent'
  | 'contact_tags'
  | 'outside_buy_box'
  | 'already_planned'
  | 'has_answered'
  | 'offered_recently'
  | 'weekly_cap'
  | 'run_cap';

/** A refusal with its words. */
export interface Refusal {
  code: PassedOver;
  reason: string;
}

const NO_ADDRESS: Record<ChannelKind, string> = {
  email: 'has no e-mail address',
  sms: 'has no phone number',
  mail: 'has no postal address',
};

/** Why the campaign is not about the property; null when it is. A memo goes to investors only, and they need one. */
export function refuseProperty(campaign: AudienceCampaign, property: AudienceProperty): Refusal | null {
  const { birdDogScore: score } = property;
  if (score === null || score < campaign.minScore) {
    return { code: 'score', reason: `score ${score ?? 'none'} is below its threshold of ${campaign.minScore}` };
  }
  if (campaign.countyFips.length > 0 && !campaign.countyFips.includes(property.countyFips)) {
    return { code: 'county', reason: `county ${property.countyFips} is not one of its counties` };
  }
  const types = [property.propertyType, property.propertySubType].flatMap((type) => type?.toLowerCase() ?? []);
  const wanted = campaign.propertyTypes.map((type) => type.toLowerCase());
  if (wanted.length > 0 && !types.some((type) => wanted.includes(type))) {
    return { code: 'property_type', reason: `its type is not among ${campaign.propertyTypes.join(', ')}` };
  }
  const asked = campaign.propertyTags ?? [];
  const has = new Set((property.propertyTags ?? []).map((tag) => tag.toLowerCase()));
  if (asked.length > 0 && !asked.some((tag) => has.has(tag.toLowerCase()))) {
    return { code: 'property_tags', reason: `the property has none of the tags ${asked.join(', ')}` };
  }
  if (campaign.kind === 'investor' && property.packetId === null) {
    return { code: 'no_memo', reason: 'the property has no memo to send' };
  }
  if (campaign.kind === 'owner' && property.ownerIds.length === 0) {
    return { code: 'no_owner', reason: 'no contact is known as its owner' };
  }
  return null;
}

/** Why the contact is not written to about a property that the campaign is about; null when it is. */
export function refuseContact(
  campaign: AudienceCampaign,
  property: AudienceProperty,
  contact: AudienceContact,
): Refusal | null {
  if (!contact.hasAddress) return { code: 'no_address', reason: NO_ADDRESS[campaign.channel] };
  if (contact.suppression !== null) return { code: 'suppressed', reason: `is suppressed (${contact.suppression})` };
  if (campaign.channel === 'sms' && !contact.hasConsent) {
    return { code: 'no_consent', reason: 'has given no consent to text messages' };
  }
  const tags = new Set(contact.tags.map((tag) => tag.toLowerCase()));
  if (campaign.contactTags.length > 0 && !campaign.contactTags.some((tag) => tags.has(tag.toLowerCase()))) {
    return { code: 'contact_tags', reason: `has none of the tags ${campaign.contactTags.join(', ')}` };
  }
  if (campaign.kind === 'owner') return null;
  const answers = contact.boxes.map((box) => matchesBuyBox(box, property, property.birdDogScore ?? 0));
  if (answers.some(({ matches }) => matches)) return null;
  const reasons = answers.flatMap((answer) => (answer.matches ? [] : [answer.reason]));
  return { code: 'outside_buy_box', reason: reasons.join('; ') || 'has no buy box' };
}

/** What is known of earlier sends while a run chooses; it is counted on as sends are chosen. */
export interface AudienceLedger {
  /** `contact:property` pairs that the campaign has planned. */
  planned: ReadonlySet<string>;
  /** Pairs that another campaign has offered within the dedupe days. */
  offered: ReadonlySet<string>;
  /** Pairs whose recipient has answered: they talk already. */
  answered: ReadonlySet<string>;
  /** Messages per contact in seven days, waiting ones included. */
  weekly: Map<string, number>;
  weeklyCap: number;
  /** Messages that the run may still choose. */
  remaining: number;
}

export interface ChosenSend {
  contactId: string;
  propertyId: string;
  packetId: string | null;
}

/** The pair under which a ledger knows a recipient and a property. */
export const pairOf = (contactId: string, propertyId: string): string => `${contactId}:${propertyId}`;

/**
 * Chooses the sends of a run from properties in order (best first), and counts why others are passed over. The ledger
 * moves on, so that the next page goes on where this one stopped.
 */
export function chooseSends(
  campaign: AudienceCampaign,
  properties: readonly AudienceProperty[],
  contacts: ReadonlyMap<string, AudienceContact>,
  ledger: AudienceLedger,
): { chosen: ChosenSend[]; passedOver: Partial<Record<PassedOver, number>> } {
  const chosen: ChosenSend[] = [];
  const passedOver: Partial<Record<PassedOver, number>> = {};
  const pass = (code: PassedOver) => {
    passedOver[code] = (passedOver[code] ?? 0) + 1;
  };
  for (const property of properties) {
    const refusal = refuseProperty(campaign, property);
    if (refusal !== null) {
      pass(refusal.code);
      continue;
    }
    const ids = campaign.kind === 'owner' ? property.ownerIds : contacts.keys();
    for (const id of ids) {
      const contact = contacts.get(id);
      if (contact === undefined) continue;
      const why = refuseContact(campaign, property, contact)?.code ?? ledgerRefusal(ledger, id, property.id);
      if (why !== null) {
        pass(why);
        continue;
      }
      ledger.remaining -= 1;
      ledger.weekly.set(id, (ledger.weekly.get(id) ?? 0) + 1);
      const packetId = campaign.kind === 'owner' ? null : property.packetId;
      chosen.push({ contactId: id, propertyId: property.id, packetId });
    }
  }
  return { chosen, passedOver };
}

function ledgerRefusal(ledger: AudienceLedger, contactId: string, propertyId: string): PassedOver | null {
  const pair = pairOf(contactId, propertyId);
  if (ledger.planned.has(pair)) return 'already_planned';
  if (ledger.answered.has(pair)) return 'has_answered';
  if (ledger.offered.has(pair)) return 'offered_recently';
  if ((ledger.weekly.get(contactId) ?? 0) >= ledger.weeklyCap) return 'weekly_cap';
  return ledger.remaining <= 0 ? 'run_cap' : null;
}
