import type { ContactField } from '../../../domain/outreach/contact-columns.ts';
import type { ContactImport } from './import-words.ts';

/** A column of the file as the server reads it. */
export type ImportColumn = ContactImport['mapping'][number];

const LABELS: Readonly<Record<ContactField, string>> = {
  name: 'Name',
  firstName: 'First name',
  lastName: 'Last name',
  company: 'Company',
  email: 'E-mail address',
  phone: 'Phone number',
  line1: 'Street, or the whole postal address',
  line2: 'Unit or second line',
  city: 'City',
  state: 'State',
  zipCode: 'ZIP code',
  tags: 'Tags',
  timeZone: 'Time zone',
  role: 'Role at the property',
  propertyId: 'Property’s id here',
  apn: 'Property’s parcel number',
  county: 'Property’s county',
  propertyAddress: 'Property’s address',
  propertyCity: 'Property’s city',
  propertyState: 'Property’s state',
  propertyZip: 'Property’s ZIP code',
  boxCounties: 'Counties they buy in',
  boxTypes: 'Property types they buy',
  boxZips: 'ZIP codes they buy in',
  minPrice: 'Lowest price',
  maxPrice: 'Highest price',
  minScore: 'Lowest score',
  minBedrooms: 'Fewest bedrooms',
  minSqft: 'Smallest living area',
  smsConsent: 'Consent to texts (yes or no)',
  consentDate: 'Date of the consent',
  consentSource: 'Source of the consent',
};

/** Every field that a column can be, in groups for a list to choose from. */
export const CONTACT_FIELD_GROUPS: ReadonlyArray<{ label: string; fields: readonly ContactField[] }> = [
  { label: 'Who', fields: ['name', 'firstName', 'lastName', 'company', 'tags', 'role'] },
  { label: 'How to reach them', fields: ['email', 'phone', 'line1', 'line2', 'city', 'state', 'zipCode', 'timeZone'] },
  {
    label: 'Their property',
    fields: ['propertyId', 'apn', 'county', 'propertyAddress', 'propertyCity', 'propertyState', 'propertyZip'],
  },
  {
    label: 'What they buy',
    fields: ['boxCounties', 'boxTypes', 'boxZips', 'minPrice', 'maxPrice', 'minScore', 'minBedrooms', 'minSqft'],
  },
  { label: 'Consent', fields: ['smsConsent', 'consentDate', 'consentSource'] },
];

/** A field in a reader's words. */
export function contactFieldLabel(field: string): string {
  return (LABELS as Readonly<Record<string, string>>)[field] ?? field;
}

const NEEDS: ReadonlyArray<{ label: string; fields: readonly string[] }> = [
  { label: 'A name', fields: ['name', 'firstName', 'lastName', 'company'] },
  { label: 'An e-mail address, phone number or postal address', fields: ['email', 'phone', 'line1'] },
  { label: 'A state, ZIP code or time zone', fields: ['state', 'zipCode', 'timeZone', 'line1'] },
];

/** What every contact needs, and the columns that hold it; none: it is missing. */
export function contactNeeds(mapping: readonly ImportColumn[], timeZone: string) {
  return NEEDS.map(({ label, fields }) => {
    const columns = mapping.filter(({ field }) => field !== null && fields.includes(field)).map(({ column }) => column);
    const isSaid = fields.includes('timeZone') && timeZone.trim() !== '';
    return { label, columns: isSaid ? [...columns, `${timeZone.trim()} for all`] : columns };
  });
}

/** How a column came to its meaning, in words. */
export function contactSureness({ reason, field }: ImportColumn): {
  text: string;
  tone: 'good' | 'info' | 'warn' | 'neutral';
  about: string;
} {
  switch (reason) {
    case 'said':
      return field === null
        ? { text: 'Left out', tone: 'neutral', about: 'You said not to use this column.' }
        : { text: 'Your choice', tone: 'info', about: 'You said what this column holds.' };
    case 'name':
      return { text: 'Likely', tone: 'good', about: 'The column’s name says it.' };
    case 'values':
      return { text: 'Please check', tone: 'warn', about: 'Guessed from the values: the name does not say it.' };
    case 'taken':
      return { text: 'Not used', tone: 'neutral', about: 'Another column is read as the same.' };
    default:
      return { text: 'Not used', tone: 'neutral', about: 'Not recognised: its values are not stored.' };
  }
}

/** What was said of columns, with one more; a field has one column, so another that was said to hold it is left out. */
export function withColumn(
  said: Readonly<Record<string, string>>,
  column: string,
  field: string,
): Readonly<Record<string, string>> {
  const others = Object.entries(said).map(([name, of]) => [name, of === field && field !== 'ignore' ? 'ignore' : of]);
  return { ...Object.fromEntries(others), [column]: field };
}
