/** Whether a column of a source may be learned from. */
export type ExtraVerdict = { allowed: true } | { allowed: false; reason: string };

interface Pattern {
  /** Tested on the column's words in small letters, joined by single blanks, with a blank at both ends. */
  words: RegExp;
  reason: string;
  /** Words that show another meaning: the pattern does not count then. */
  unless?: RegExp;
}

const PROTECTED = (name: string) => `states or stands for ${name}, which fair-housing law protects`;
const LEAK = (what: string) => `states the price that is to be estimated (${what})`;

const GROUPS =
  'white|black|blacks|african american|asian|hispanic|latino|latina|latinx|caucasian|pacific islander|native american|american indian|alaska native|nonwhite|non white|multiracial|biracial|minority|minorities';
/** What tells that a colour or a group's name is about a count or share of people. */
const COUNTED =
  '(?:pct|pc|percent|percentage|perc|share|ratio|prop|proportion|rate|frac|fraction|num|number|count|cnt|n|total|tot|pop|population|people|persons|residents|household|households|hh|alone|not|non|area|tract)';
/** Things of a house or a street that carry the same words. */
const HOUSE =
  / (?:street|st|road|rd|avenue|ave|drive|dr|lane|ln|way|track|course|walk|exterior|interior|roof|wall|walls|paint|trim|siding|brick|board|boards|water|oak|floor|floors|kitchen|cabinet|cabinets|countertop|appliances|mold|top|land|elevation|marble|door|fence|house|building|view|sea|lake|river|creek) /;

/**
 * Protected classes of the federal Fair Housing Act (42 U.S.C. 3604: race, color, religion, sex, familial status, national
 * origin, handicap) and of common state law (age, marital status, sexual orientation, source of income, citizenship,
 * language), and the census counts that stand for them.
 */
const PROTECTED_PATTERNS: readonly Pattern[] = [
  {
    words: / (?:race|races|racial|racially|ethnic|ethnicity|ethnicities) /,
    reason: PROTECTED('race or ethnicity'),
    unless: HOUSE,
  },
  {
    words:
      / (?:african american|hispanic|hispanics|latino|latinos|latina|latinx|caucasian|pacific islander|native american|american indian|alaska native|nonwhite|non white|multiracial|biracial|nhwhite|nhblack|nhasian) /,
    reason: PROTECTED('race or ethnicity'),
    unless: / (?:street|st|road|rd|avenue|ave|drive|dr|lane|ln) /,
  },
  {
    words: new RegExp(` ${COUNTED} (?:of )?(?:${GROUPS}) | (?:${GROUPS}) (?:[a-z]+ )?${COUNTED} `),
    reason: PROTECTED('race or ethnicity'),
    unless: HOUSE,
  },
  {
    words: / (?:white|black|asian|asians|minority|minorities) $/,
    reason: PROTECTED('race or ethnicity'),
    unless: HOUSE,
  },
  {
    words:
      / (?:skin|complexion) | colou?r of (?:owner|buyer|seller|people|person|residents|skin) | (?:owner|buyer|seller|people|person|resident|applicant|borrower) colou?r | people of colou?r /,
    reason: PROTECTED('color'),
  },
  {
    words:
      / (?:religion|religions|religious|faith|denomination|jewish|muslim|muslims|christian|christians|catholic|catholics|hindu|buddhist|protestant|mormon) /,
    reason: PROTECTED('religion'),
    unless: /(?: distance| dist| nearest| near | proximity| school| church | street | st )/,
  },
  { words: / (?:sex|gender|genders|female|females|male|males|women|men|woman|man) /, reason: PROTECTED('sex') },
  {
    words: / (?:sexual orientation|lgbt|lgbtq|lgbtqia|same sex|gay|lesbian|transgender|gender identity) /,
    reason: PROTECTED('sexual orientation or gender identity'),
  },
  {
    words:
      / (?:national origin|nationality|ancestry|ancestries|foreign born|native born|birthplace|place of birth|country of birth|country of origin) | (?:pct|percent|share|num|total|recent|pop) (?:immigrant|immigrants|foreign) /,
    reason: PROTECTED('national origin'),
  },
  {
    words:
      / (?:citizen|citizens|citizenship|non ?citizen|noncitizens|immigrant|immigrants|immigration|naturalized|visa status|undocumented) /,
    reason: PROTECTED('citizenship or immigration'),
    unless: / senior citizens? (?:exemption|discount) /,
  },
  {
    words:
      / (?:language|languages|lep|limited english|english proficiency|english speakers?|spanish speakers?|speaks?(?: [a-z]+)?|linguistic|linguistically|non english) /,
    reason: PROTECTED('language'),
  },
  {
    words: / (?:disability|disabilities|disabled|handicap|handicapped|handicaps) /,
    reason: PROTECTED('disability'),
    unless: / (?:access|accessible|accessibility|parking|ramp|adapted) /,
  },
  {
    words:
      / (?:familial|family status|with children|children|kids|child|pregnant|pregnancy|single parent|single mother|single father|families with|under 18|family size|household size|family type|household type|female headed) /,
    reason: PROTECTED('familial status'),
    unless: / (?:playground|school|care|daycare|park) /,
  },
  {
    words: / (?:marital|married|unmarried|divorced|widowed|widow|widower|never married|spouse) /,
    reason: PROTECTED('marital status'),
  },
  {
    words:
      / (?:median age|mean age|average age|avg age|medianage|age of (?:owner|buyer|seller|population|residents?|head|householders?)|(?:owner|buyer|seller|resident|householder|person|borrower|population|pop) age|age (?:group|bracket|cohort|distribution|dependency)|over 65|65 (?:and )?(?:over|plus)|age 65|elderly|seniors?|senior citizens?|pct (?:under|over) \d+|population (?:under|over) \d+|millennials?|retirees?|retired) /,
    reason: PROTECTED('age of persons'),
    unless: / (?:housing|house|home|building|bldg|structure|property|dwelling|roof) /,
  },
  {
    words:
      / (?:source of income|public assistance|welfare|snap (?:benefits?|recipients?|households?)|food stamps?|section 8|housing vouchers?|voucher holders?|voucher|ssi|tanf|medicaid) /,
    reason: PROTECTED('source of income'),
  },
  { words: / (?:veteran|veterans|military status) /, reason: PROTECTED('military status') },
  { words: / (?:lstat|lower status) /, reason: PROTECTED('the status of residents (a proxy)') },
  {
    words: /^ (?:b|bk|b 1000) $/,
    reason: PROTECTED('race (the Boston housing file counts Black residents in a column of this name)'),
  },
];

/** Columns that are made of the sale price or say it in another form. */
const LEAK_PATTERNS: readonly Pattern[] = [
  {
    words:
      / (?:price|prc|value|val|cost|\$) (?:per|by|a) | (?:ppsf|ppsqft|psf|ppsm|pricepersqft|price sqft|price m2|price sqm|ppsqm) |\$ (?:square feet|sq ft|sqft|sf) /,
    reason: LEAK('price per area'),
    unless: / (?:tax|assess|assessed|land value) /,
  },
  {
    words:
      / (?:log|ln|log10|log1p|sqrt|scaled|norm|normalized|normalised|adj|adjusted|real|inflated|deflated|indexed|nominal|encoded|std|standardized|binned?|predicted|pred|estimated|est) (?:sale |sales |sold |close |closing |house |home )?(?:price|saleprice|amount) /,
    reason: LEAK('a form of the price'),
  },
  {
    words:
      / (?:sale ?price|sale ?prc\d?|sold ?price|sales ?price|close ?price|closed ?price|closing ?price|selling ?price|purchase ?price|final ?price|transaction ?price|contract ?price|sale ?amount|sale ?amt|consideration|sold for|price sold|price paid|sale ?value|sales ?amount) /,
    reason: LEAK('the price of a sale'),
    unless:
      / (?:prior|previous|prev|last year|earlier|median|mean|avg|average|neighborhood|nbhd|zip|comp|comps|comparables?) /,
  },
  {
    words:
      /^ (?:the )?(?:price|prices|price usd|usd price|price band|price range|price category|price bin|price bucket|price class|price group|price level|price quartile|price decile|target) $/,
    reason: LEAK('the price'),
  },
  {
    words:
      / (?:list|listing|asking|ask|offer|listed) ?(?:price|prc)s? | (?:original|current|final) list | price (?:asked|cut|cuts|drop|reduction|change|changed|ratio) | (?:sale|sold|sp|close) to (?:list|lp|ask) | (?:sp|lp) (?:lp|sp|ratio) /,
    reason: LEAK('the asking price of the same sale'),
  },
  {
    words:
      / (?:zestimate|zestimates|redfin estimate|avm|avm value|estimated value|value estimate|predicted value|predictions?|home value estimate|estimate) /,
    reason: LEAK("another model's estimate, often made after the sale"),
    unless: / (?:tax|rent|zestimate rent|margin|repair|renovation) /,
  },
  {
    words:
      / (?:sale|sales|assessment|assessed|assess|av|a s) (?:price )?ratios? | (?:asr|a s ratio|av sp|sales ratio) /,
    reason: LEAK('a ratio of assessment and price'),
  },
  {
    words:
      / (?:commission|commissions|buyer agent fee|agent fee|closing costs?|transfer tax|conveyance tax|stamp duty|excise tax|doc stamps?|documentary stamps?|recording tax|revenue stamps?) /,
    reason: LEAK('a charge in proportion to the price'),
  },
  {
    words:
      / (?:loan|mortgage|loans|mortgages) (?:amount|amt|value|balance|principal|size) | (?:ltv|loan to value|down ?payment|deposit amount|amount financed|financed amount|monthly payment|mortgage payment) /,
    reason: LEAK('the financing of the sale'),
  },
  {
    words: / (?:outliers?|is outlier|sale filter|sales filter|same sale within) /,
    reason: LEAK('a judgement of its price'),
  },
  {
    words: / (?:profit|gross profit|capital gain|gain|roi|resale (?:profit|price|value)|appreciation|flip profit) /,
    reason: LEAK('what the sale brought'),
    unless: / (?:again|rate of) /,
  },
];

const known = new Map<string, ExtraVerdict>();

/**
 * Whether a model may learn from a column of this name. Refused are names that state or stand for a protected class of
 * persons, and names of values that are made of the sale price or only known with it. Words count, not letters: `sexton`,
 * `building_age`, `Race Street` and `Land Contour` pass.
 */
export function extraIsAllowed(name: string): ExtraVerdict {
  const remembered = known.get(name);
  if (remembered !== undefined) return remembered;
  const verdict = judge(` ${wordsOf(name)} `);
  if (known.size < 10_000) known.set(name, verdict);
  return verdict;
}

function judge(words: string): ExtraVerdict {
  const hit = [...PROTECTED_PATTERNS, ...LEAK_PATTERNS].find(
    (pattern) => pattern.words.test(words) && pattern.unless?.test(words) !== true,
  );
  return hit === undefined ? { allowed: true } : { allowed: false, reason: hit.reason };
}

/** 'PctBlack', 'pct_black' and 'Pct. black (%)' are the words `pct black`. */
function wordsOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll('%', ' pct ')
    .replaceAll('$', ' $ ')
    .replace(/[^a-z0-9$]+/g, ' ')
    .replace(
      /^ ?(pct|percent|pop|num|n|prop|share)(white|black|asian|hispanic|latino|female|male|minority) ?/,
      '$1 $2 ',
    )
    .replace(/\b(white|black|asian|hispanic|latino|female|male)(pop|pct|population|share)\b/g, '$1 $2')
    .replace(/ (\d+)$/, ' $1')
    .trim();
}
