/** Word tables of USPS Publication 28 (appendices B, C1, C2), the part that addresses of homes meet. */

const pairs = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .trim()
      .split(/\s*\n\s*/)
      .flatMap((line) => {
        const [short, ...long] = line.split(' ');
        return [short, ...long].map((word) => [word, short] as const);
      }),
  );

/** Street suffixes: every spelling to the standard abbreviation. */
export const SUFFIXES = pairs(`
  ALY ALLEY ALLEE ALLY
  AVE AVENUE AV AVEN AVENU AVN AVNUE
  BLF BLUFF
  BLVD BOULEVARD BOUL BOULV BL
  BND BEND
  BR BRANCH
  BRG BRIDGE
  BRK BROOK
  BYP BYPASS
  BYU BAYOU
  CIR CIRCLE CIRC CRCL CRCLE CR
  CMN COMMON
  COR CORNER
  CRES CRESCENT CRSENT CRSNT
  CRK CREEK
  CT COURT
  CTR CENTER CENTRE
  CTS COURTS
  CV COVE
  DR DRIVE DRIV DRV
  EST ESTATE
  ESTS ESTATES
  EXPY EXPRESSWAY EXPRESS
  EXT EXTENSION
  FLD FIELD
  FRST FOREST
  FRY FERRY
  FWY FREEWAY
  GDNS GARDENS
  GLN GLEN
  GRN GREEN
  GRV GROVE
  HBR HARBOR
  HL HILL
  HLS HILLS
  HOLW HOLLOW
  HTS HEIGHTS HT
  HWY HIGHWAY HIWAY HWAY
  IS ISLAND
  JCT JUNCTION
  KNL KNOLL
  LK LAKE
  LN LANE LA
  LNDG LANDING
  LOOP LOOPS
  MDW MEADOW
  MDWS MEADOWS
  MNR MANOR
  MT MOUNT
  OVAL OVL
  PARK PRK
  PASS PASSAGE
  PATH PATHS
  PIKE PIKES
  PKWY PARKWAY PKY PARKWY PKWAY
  PL PLACE
  PLZ PLAZA PLZA
  PT POINT
  RD ROAD
  RDG RIDGE RDGE
  ROW ROWS
  RUN RUNS
  SHR SHORE
  SPG SPRING
  SPGS SPRINGS
  SQ SQUARE SQR
  ST STREET STR STRT
  STA STATION
  TER TERRACE TERR
  TPKE TURNPIKE
  TRCE TRACE
  TRL TRAIL TR
  VIS VISTA
  VLG VILLAGE
  VLY VALLEY
  VW VIEW
  WALK WALKS
  WAY WY
  XING CROSSING
`);

/** Directionals. */
export const DIRECTIONS = pairs(`
  N NORTH NO
  S SOUTH SO
  E EAST
  W WEST
  NE NORTHEAST
  NW NORTHWEST
  SE SOUTHEAST
  SW SOUTHWEST
`);

/**
 * Secondary unit designators. Those that only say "which dwelling" (APT, UNIT, STE, #) become '' because sources
 * disagree on the word but not on the number; those that say more (BLDG, FL, LOT) stay.
 */
export const UNIT_DESIGNATORS: Readonly<Record<string, string>> = {
  APT: '',
  APARTMENT: '',
  UNIT: '',
  SUITE: '',
  STE: '',
  '#': '',
  NUMBER: '',
  RM: '',
  ROOM: '',
  BLDG: 'BLDG',
  BUILDING: 'BLDG',
  FL: 'FL',
  FLOOR: 'FL',
  FLR: 'FL',
  LOT: 'LOT',
  SPC: 'SPC',
  SPACE: 'SPC',
  TRLR: 'TRLR',
  TRAILER: 'TRLR',
  PH: 'PH',
  PENTHOUSE: 'PH',
};

/** Designators that stand alone. */
export const LONE_UNITS: Readonly<Record<string, string>> = {
  BSMT: 'BSMT',
  BASEMENT: 'BSMT',
  FRNT: 'FRNT',
  REAR: 'REAR',
  UPPR: 'UPPR',
  UPPER: 'UPPR',
  LOWR: 'LOWR',
  PH: 'PH',
  PENTHOUSE: 'PH',
};

const ORDINAL_WORDS =
  'FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH ELEVENTH TWELFTH THIRTEENTH FOURTEENTH FIFTEENTH SIXTEENTH SEVENTEENTH EIGHTEENTH NINETEENTH TWENTIETH'.split(
    ' ',
  );

/** 12 to '12TH', 21 to '21ST'. */
export function ordinal(n: number): string {
  const teens = n % 100 >= 11 && n % 100 <= 13;
  const ending = teens ? 'TH' : (['TH', 'ST', 'ND', 'RD'][n % 10] ?? 'TH');
  return `${n}${ending}`;
}

/** 'FIFTH' to '5TH', for street names. */
export const ORDINALS: Readonly<Record<string, string>> = Object.fromEntries(
  ORDINAL_WORDS.map((word, i) => [word, ordinal(i + 1)]),
);

const STATE_NAMES = `AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia|FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine|MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada|NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia|WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico`;

/** State codes and names (capitals) to the two-letter code. */
export const STATES: Readonly<Record<string, string>> = Object.fromEntries(
  STATE_NAMES.split('|').flatMap((entry) => {
    const code = entry.slice(0, 2);
    return [
      [code, code],
      [entry.slice(3).toUpperCase(), code],
    ];
  }),
);
