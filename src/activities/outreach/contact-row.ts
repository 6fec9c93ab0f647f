import { normaliseAddress } from '../../domain/address.ts';
import { normaliseApn } from '../../domain/apn.ts';
import type { County } from '../../domain/county.ts';
import type { BuyBox } from '../../domain/outreach/buy-box.ts';
import {
  type ContactDetails,
  type ContactKind,
  normaliseEmail,
  normalisePhone,
  type PostalAddress,
  postalAddressSchema,
} from '../../domain/outreach/contact.ts';
import type { ContactField } from '../../domain/outreach/contact-columns.ts';
import {
  type ContactPlace,
  normaliseZip,
  type Places,
  placeOf,
  stateCode,
} from '../../domain/outreach/contact-place.ts';
import { parseDate } from '../discover/date-parse.ts';
import { findCountyByName, type Report, readBuyBox } from './contact-box.ts';

/** Which property a contact belongs to: by id, or by what it is known under in its county. */
export type PropertyReference =
  | { by: 'id'; propertyId: string }
  | { by: 'identity'; countyFips: string; identity: string; text: string };

/** A row that can be stored. */
export interface ContactCandidate {
  line: number;
  details: ContactDetails;
  place: ContactPlace;
  tags: string[];
  role: 'owner' | 'agent' | 'heir' | 'other';
  property: PropertyReference | null;
  box: BuyBox | null;
  /** Consent to text messages, only where the row says yes, when and how. */
  consent: { at: Date; method: string } | null;
  /** The row says yes to text messages but not when or how, so nothing is recorded. */
  hasLooseConsent: boolean;
}

/** One thing wrong with a row. */
export interface RowProblem {
  line: number;
  field: string;
  message: string;
}

/** What rows are read with; `timeZone`, `state` and `county` stand in where a row says nothing. */
export interface RowRules {
  kind: ContactKind;
  places: Places;
  counties: readonly County[];
  timeZone: string | null;
  state: string | null;
  county: County | null;
  now: Date;
}

/** Reads one row; every problem of it is reported, and a row with a problem is no candidate. */
export function readContactRow(
  line: number,
  get: (field: ContactField) => string,
  rules: RowRules,
): { candidate: ContactCandidate } | { problems: RowProblem[] } {
  const problems: RowProblem[] = [];
  const report: Report = (field, message) => problems.push({ line, field, message });
  const name = nameOf(get);
  if (name === null) report('name', 'is missing');
  else if (name.length > 200) report('name', 'is longer than 200 characters');
  const email = checked(get('email'), 'email', normaliseEmail, 'is no e-mail address', report);
  const phone = checked(get('phone'), 'phone', normalisePhone, 'is no phone number', report);
  const { postal, state, zipCode } = readPostal(get, rules, report);
  if (email === null && phone === null && postal === null && problems.length === 0) {
    report('email', 'is missing, and so are phone and postal address: there is no way to reach the contact');
  }
  const answer = placeOf(rules.places, {
    state: state ?? rules.state,
    zipCode,
    timeZone: get('timeZone') || rules.timeZone,
  });
  if (!answer.ok) report(answer.field, answer.message);
  const property = rules.kind === 'owner' ? readReference(get, rules, report) : null;
  const box = rules.kind === 'owner' ? null : readBuyBox(get, rules.counties, report);
  const consent = readConsent(get, phone, rules.now, report);
  if (problems.length > 0 || !answer.ok) return { problems };
  const role = /agent|broker/i.test(get('role'))
    ? 'agent'
    : /heir|executor|estate/i.test(get('role'))
      ? 'heir'
      : 'owner';
  return {
    candidate: {
      line,
      details: { name: name ?? '', email, phone, postalAddress: postal },
      place: answer.place,
      tags: tagsOf(get('tags')),
      role,
      property,
      box,
      consent: consent === 'loose' ? null : consent,
      hasLooseConsent: consent === 'loose',
    },
  };
}

function nameOf(get: (field: ContactField) => string): string | null {
  const parts = [get('firstName'), get('lastName')].filter((part) => part !== '').join(' ');
  const name = (get('name') || parts || get('company')).replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return name === '' ? null : name;
}

function checked(text: string, field: string, read: (text: string) => string | null, message: string, report: Report) {
  if (text === '') return null;
  const value = read(text);
  if (value === null) report(field, `'${text.slice(0, 60)}' ${message}`);
  return value;
}

function tagsOf(text: string): string[] {
  const tags = text.split(/[;,|]/).map((tag) => tag.trim().toLowerCase().slice(0, 60));
  return [...new Set(tags.filter((tag) => tag !== ''))].sort();
}

/** The postal address, from its columns or from one line; state and ZIP code count without a street too. */
function readPostal(get: (field: ContactField) => string, { places }: RowRules, report: Report) {
  const isOneLine = get('line1') !== '' && get('city') === '' && get('state') === '' && get('zipCode') === '';
  const split = isOneLine ? normaliseAddress(get('line1')) : null;
  const written = {
    line1: split?.city != null ? split.line : get('line1'),
    line2: split?.city != null ? (split.unit ?? '') : get('line2'),
    city: split?.city ?? get('city'),
    state: split?.state ?? get('state'),
    zip: split?.zip5 ?? get('zipCode'),
  };
  const state = written.state === '' ? null : stateCode(places, written.state);
  if (written.state !== '' && state === null) report('state', `'${written.state.slice(0, 60)}' is no state`);
  const zipCode = written.zip === '' ? null : normaliseZip(places, written.zip, state);
  if (written.zip !== '' && zipCode === null) report('zipCode', `'${written.zip.slice(0, 20)}' is no ZIP code`);
  if (written.line1 === '') return { postal: null, state, zipCode };
  let postal: PostalAddress | null = null;
  if (written.city === '' || written.state === '' || written.zip === '') {
    const missing = (['city', 'state', 'zip'] as const).filter((part) => written[part] === '');
    report('address', `is incomplete: no ${missing.join(', no ')}`);
  } else if (state !== null && zipCode !== null) {
    const { line1, line2, city } = written;
    const parsed = postalAddressSchema.safeParse({ line1, line2: line2 || null, city, state, zipCode });
    const issue = parsed.error?.issues[0];
    if (parsed.success) postal = parsed.data;
    else report('address', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  return { postal, state, zipCode };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The property that a row of an owner names; null when it names none. */
function readReference(
  get: (field: ContactField) => string,
  rules: RowRules,
  report: Report,
): PropertyReference | null {
  const [id, apn, address] = [get('propertyId'), get('apn'), get('propertyAddress')];
  if (id !== '') {
    if (UUID.test(id)) return { by: 'id', propertyId: id.toLowerCase() };
    report('propertyId', `'${id.slice(0, 60)}' is no property id`);
    return null;
  }
  if (apn === '' && address === '') return null;
  const state = stateCode(rules.places, get('propertyState'));
  const county = get('county') === '' ? rules.county : findCountyByName(rules.counties, get('county'), state);
  if (county === null) {
    const what = get('county') === '' ? 'is missing' : `'${get('county').slice(0, 60)}' is no configured county`;
    report('county', `${what}; a property is looked up in its county`);
    return null;
  }
  const parcel = apn === '' ? null : normaliseApn(apn, county.fips);
  if (apn !== '' && parcel === null) report('apn', `'${apn.slice(0, 60)}' is no parcel number`);
  if (parcel !== null)
    return { by: 'identity', countyFips: county.fips, identity: `apn:${parcel}`, text: `parcel ${apn}` };
  if (address === '') return null;
  const { key } = normaliseAddress({
    line: address,
    unit: null,
    city: get('propertyCity') || null,
    state: state ?? county.state,
    zip: get('propertyZip') || null,
  });
  if (key !== null) return { by: 'identity', countyFips: county.fips, identity: `address:${key}`, text: address };
  report('propertyAddress', `'${address.slice(0, 60)}' is not enough to find a property`);
  return null;
}

/** Consent to text messages: only a yes with its day and its source is one. */
function readConsent(get: (field: ContactField) => string, phone: string | null, now: Date, report: Report) {
  if (!/^(y|yes|true|1|x|opt(ed)?[ -]?in|granted|agreed|consented)$/i.test(get('smsConsent'))) return null;
  const [date, method] = [get('consentDate'), get('consentSource')];
  if (date === '' || method === '' || phone === null) return 'loose' as const;
  const day = parseDate(date);
  if (day === null) report('consentDate', `'${date.slice(0, 40)}' is no date`);
  else if (new Date(`${day}T00:00:00Z`) > now) report('consentDate', `${day} lies in the future`);
  else return { at: new Date(`${day}T00:00:00Z`), method: method.slice(0, 200) };
  return null;
}
