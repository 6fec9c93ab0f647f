/** What a column of a file of contacts can be. */
export const CONTACT_FIELDS = {
  name: [
    'name',
    'fullname',
    'contactname',
    'displayname',
    'owner',
    'owner1',
    'ownername1',
    'investor',
    'buyer',
    'taxpayer',
  ],
  firstName: ['firstname', 'first', 'givenname', 'fname', 'forename'],
  lastName: ['lastname', 'last', 'surname', 'familyname', 'lname'],
  company: [
    'company',
    'companyname',
    'organization',
    'organisation',
    'organizationname',
    'business',
    'firm',
    'entity',
    'llc',
  ],
  email: ['email', 'emailaddress', 'emailaddr', 'mailaddress', 'eaddress', 'emailid'],
  phone: [
    'phone',
    'phonenumber',
    'phoneno',
    'mobile',
    'mobilephone',
    'mobilenumber',
    'mobilephonenumber',
    'cell',
    'cellphone',
    'cellnumber',
    'telephone',
    'telephonenumber',
    'tel',
    'smsnumber',
  ],
  line1: [
    'address',
    'addressline1',
    'address1',
    'addr1',
    'addr',
    'street',
    'streetaddress',
    'street1',
    'postaladdress',
    'addressstreet',
    'line1',
    'addrline1',
  ],
  line2: ['addressline2', 'address2', 'addr2', 'street2', 'unit', 'apt', 'suite', 'line2'],
  city: ['city', 'town', 'addresscity', 'municipality'],
  state: ['state', 'st', 'province', 'addressstate', 'statecode'],
  zipCode: ['zip', 'zipcode', 'postalcode', 'postcode', 'addresszip', 'zip5'],
  tags: ['tags', 'tag', 'labels', 'label', 'groups', 'segment'],
  timeZone: ['timezone', 'tz', 'ianatimezone'],
  role: ['role', 'relationship', 'relation'],
  propertyId: ['propertyid', 'reospropertyid'],
  apn: ['apn', 'parcel', 'parcelnumber', 'parcelid', 'parcelno', 'pin', 'assessorparcelnumber', 'propertyapn'],
  county: ['county', 'countyname', 'countyslug', 'countyfips', 'fips', 'propertycounty'],
  propertyAddress: [
    'propertyaddress',
    'propertystreet',
    'propertystreetaddress',
    'siteaddress',
    'situsaddress',
    'situs',
    'subjectaddress',
    'propaddress',
  ],
  propertyCity: ['propertycity', 'sitecity', 'situscity', 'propcity'],
  propertyState: ['propertystate', 'sitestate', 'situsstate', 'propstate'],
  propertyZip: [
    'propertyzip',
    'propertyzipcode',
    'propertypostalcode',
    'sitezip',
    'situszip',
    'situszipcode',
    'propzip',
  ],
  boxCounties: ['counties', 'buyboxcounties', 'targetcounties', 'buyingcounties', 'targetcounty', 'markets'],
  boxTypes: ['propertytypes', 'types', 'propertytype', 'assettypes', 'assettype', 'buyboxtypes', 'wants'],
  boxZips: ['zipcodes', 'zips', 'targetzips', 'targetzipcodes', 'buyboxzips'],
  minPrice: ['minprice', 'pricemin', 'minimumprice', 'minbudget', 'budgetmin', 'pricefrom'],
  maxPrice: ['maxprice', 'pricemax', 'maximumprice', 'maxbudget', 'budgetmax', 'budget', 'priceto', 'buyingupto'],
  minScore: ['minscore', 'minimumscore', 'scoremin'],
  minBedrooms: ['minbeds', 'minbedrooms', 'bedsmin', 'minimumbedrooms', 'minimumbeds', 'bedroomsmin'],
  minSqft: ['minsqft', 'sqftmin', 'minimumsqft', 'minlivingarea', 'minsize', 'minimumsquarefeet'],
  smsConsent: [
    'smsconsent',
    'textconsent',
    'smsoptin',
    'textoptin',
    'consenttosms',
    'consenttotexts',
    'smspermission',
    'oktotext',
  ],
  consentDate: [
    'consentdate',
    'smsconsentdate',
    'optindate',
    'smsoptindate',
    'consentat',
    'consentedat',
    'dateofconsent',
  ],
  consentSource: ['consentsource', 'smsconsentsource', 'optinsource', 'consentmethod', 'consentproof', 'optinmethod'],
} as const satisfies Record<string, readonly string[]>;

export type ContactField = keyof typeof CONTACT_FIELDS;

/** How a column was understood; `field` null: it is not used. */
export interface ContactColumn {
  column: string;
  field: ContactField | null;
  reason: 'name' | 'values' | 'said' | 'unused' | 'taken';
}

/** A column of the file: its heading, the heading's words in lower case, and some of its values. */
export interface ContactHeader {
  column: string;
  words: readonly string[];
  examples: readonly string[];
}

// Words that say whose or which, not what.
const FILLERS = new Set([
  'contact',
  'primary',
  'main',
  'owner',
  'owners',
  'investor',
  'partner',
  'buyer',
  'client',
  'person',
  'mailing',
  'mail',
  'billing',
  'postal',
  'home',
  'work',
  'business',
  'personal',
  'the',
  'preferred',
  'taxpayer',
  '1',
  'recipient',
  'customer',
  'lead',
  'buybox',
]);
const SITES = new Set(['property', 'site', 'situs', 'subject', 'prop']);
const BY_SYNONYM = new Map(
  Object.entries(CONTACT_FIELDS).flatMap(([field, words]) =>
    [field.toLowerCase(), ...words].map((word) => [word, field as ContactField] as const),
  ),
);

/**
 * What each column is: by what a person said, else by its heading, else by its values (only e-mail addresses and phone
 * numbers show by themselves). Each field is taken once; the first column that fits has it.
 */
export function mapContactColumns(
  headers: readonly ContactHeader[],
  said: ReadonlyMap<string, ContactField | null>,
  looksLike: (examples: readonly string[]) => ContactField | null,
): ContactColumn[] {
  const taken = new Set([...said.values()].filter((field) => field !== null));
  const columns = headers.map(({ column, words }): ContactColumn => {
    const choice = said.get(column);
    if (choice !== undefined) return { column, field: choice, reason: 'said' };
    const field = fieldOf(words);
    if (field === null) return { column, field: null, reason: 'unused' };
    if (taken.has(field)) return { column, field: null, reason: 'taken' };
    taken.add(field);
    return { column, field, reason: 'name' };
  });
  return columns.map((known, index): ContactColumn => {
    if (known.reason !== 'unused') return known;
    const field = looksLike(headers[index]?.examples ?? []);
    if (field === null || taken.has(field)) return known;
    taken.add(field);
    return { ...known, field, reason: 'values' };
  });
}

/** The field that a heading names: as it is, then without words that say whose it is. */
function fieldOf(words: readonly string[]): ContactField | null {
  const exact = BY_SYNONYM.get(words.join(''));
  if (exact !== undefined) return exact;
  const [first = '', ...others] = words;
  if (SITES.has(first) && others.length > 0) {
    const inner = fieldOf(others);
    const ofSite = {
      line1: 'propertyAddress',
      city: 'propertyCity',
      state: 'propertyState',
      zipCode: 'propertyZip',
    } as const;
    return inner !== null && inner in ofSite ? ofSite[inner as keyof typeof ofSite] : inner === 'apn' ? 'apn' : null;
  }
  const rest = words.filter((word) => !FILLERS.has(word));
  if (rest.length === 0 || rest.length === words.length) return null;
  return BY_SYNONYM.get(rest.join('')) ?? null;
}
