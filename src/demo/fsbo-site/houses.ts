/** One house of the demo site. Invented; places are real ZIP areas of King County WA, prices of 2014–15. */
export interface FsboHouse {
  slug: string;
  address: string;
  city: string;
  zip: string;
  latitude: number;
  longitude: number;
  livingAreaSqft: number;
  lotSqft: number;
  bedrooms: number;
  bathrooms: number;
  yearBuilt: number;
  parcelNumber: string;
  /** Null on the page that hides its price. */
  askingPriceDollars: number | null;
  owner: string;
  phone: string;
  email: string;
  remarks: string;
  /** What is wrong with the page on purpose. */
  broken: 'no_price' | 'cut_off' | null;
}

/** A parcel of the caller's file that one of the pages shall offer for sale, so that two sources meet in one property. */
export interface DuplicateParcel {
  apn: string;
  latitude: number;
  longitude: number;
  livingAreaSqft: number;
  lotSqft?: number;
  bedrooms?: number;
  bathrooms?: number;
  yearBuilt?: number;
  zip?: string;
  /** Default: 85% of typical, a bargain. */
  askingPriceDollars?: number;
}

/** street, city, ZIP, latitude, longitude, sqft, lot sqft, beds, baths, year, typical $/sqft there, asked / typical */
type Row = readonly [string, string, string, number, number, number, number, number, number, number, number, number];

const ROWS: readonly Row[] = [
  ['4127 Alder Ridge Ave S', 'Seattle', '98118', 47.5432, -122.2781, 1640, 5200, 3, 1.75, 1948, 235, 0.66],
  ['1816 NE Cedarline St', 'Seattle', '98115', 47.6853, -122.3042, 1870, 4800, 3, 2, 1939, 335, 0.82],
  ['2903 SW Gull Point Ln', 'Seattle', '98126', 47.5561, -122.3779, 1510, 5600, 3, 1.5, 1951, 265, 0.97],
  ['15220 Fernwater Pl NE', 'Shoreline', '98155', 47.7519, -122.3005, 1930, 8200, 4, 2.25, 1962, 215, 0.71],
  ['611 Harrow Mill Ct', 'Renton', '98056', 47.5121, -122.1893, 2210, 7400, 4, 2.5, 1998, 205, 0.88],
  ['24815 Juniper Bend Rd SE', 'Maple Valley', '98038', 47.3702, -122.0423, 2480, 8900, 4, 2.5, 2004, 165, 0.76],
  ['1207 Kestrel Hill Dr S', 'Federal Way', '98003', 47.3124, -122.3101, 1720, 7600, 3, 2, 1978, 150, 0.63],
  ['30418 Larkspur Way SW', 'Federal Way', '98023', 47.3106, -122.3684, 2040, 8100, 4, 2.25, 1989, 148, 1.02],
  ['9034 Mossgate Ave N', 'Seattle', '98103', 47.6942, -122.3431, 1580, 3600, 3, 1.75, 1926, 345, 0.79],
  ['5511 Nettle Creek Rd', 'Bothell', '98011', 47.7682, -122.2104, 2360, 9800, 4, 2.5, 1992, 210, 0.91],
  ['17306 Orchard Gate SE', 'Kent', '98042', 47.3721, -122.1098, 2150, 10400, 4, 2.25, 1986, 150, 0.69],
  ['802 Pinnacle Fern St', 'Kirkland', '98034', 47.7192, -122.2238, 1960, 8600, 3, 2, 1974, 250, 0.84],
  ['3340 Quarry View Ave', 'Bellevue', '98006', 47.5561, -122.1512, 2840, 10100, 4, 2.75, 1981, 300, 0.95],
  ['12609 Rowan Field NE', 'Redmond', '98052', 47.6893, -122.1184, 2270, 7900, 4, 2.5, 1987, 270, 0.87],
  ['7718 Sable Oak Ln', 'Burien', '98146', 47.4998, -122.3577, 1480, 7000, 3, 1.5, 1947, 220, 0.58],
  ['21904 Thistle Down Dr', 'Des Moines', '98198', 47.3914, -122.3093, 1790, 8800, 3, 2, 1966, 165, 0.81],
  ['406 Umber Hollow Rd', 'Issaquah', '98027', 47.5093, -122.0262, 2650, 11800, 4, 2.5, 1995, 240, 1.08],
  ['6123 Verity Park Pl S', 'Seattle', '98108', 47.5479, -122.3098, 1390, 4700, 3, 1, 1942, 245, 0.74],
  ['19033 Willow Stair Ct', 'Woodinville', '98072', 47.7631, -122.1489, 2530, 15600, 4, 2.5, 1990, 220, 0.93],
  ['5045 Yarrow Bank St', 'Auburn', '98002', 47.3057, -122.2131, 1560, 7300, 3, 1.75, 1971, 140, 0.72],
  ['2218 Zinnia Court E', 'Seattle', '98112', 47.6258, -122.3051, 2380, 5000, 4, 2.5, 1918, 420, 1.22],
  ['13517 Ashlar Green NE', 'Sammamish', '98074', 47.6221, -122.0443, 2790, 9300, 4, 2.75, 2001, 240, 0.9],
  ['8806 Briar Loop S', 'Tukwila', '98168', 47.4886, -122.2993, 1420, 8300, 3, 1, 1953, 165, 0.67],
  ['3729 Copper Dune Way', 'Snoqualmie', '98065', 47.5282, -121.8703, 2610, 6100, 4, 2.5, 2006, 205, 1.31],
];

const OWNERS = [
  'Alba Northfield',
  'Tobin Quarles',
  'Wren Castellane',
  'Idris Holloway',
  'Petra Lindgarten',
  'Cosmo Abernethy',
];
const NOTES = [
  'Sold by owner, no agents please. Solid bones, original kitchen, priced for a quick closing.',
  'Owner is relocating. New roof in 2012, furnace serviced each year, quiet dead-end street.',
  'Estate sale by the family. Needs paint and carpet; the garden is mature and fenced.',
  'Updated baths, daylight basement, two blocks to the bus. Open to offers with a flexible move-out.',
];

/** Pages of duplicates, and the two that are broken on purpose. */
const DUPLICATE_PAGES = [4, 11, 18] as const;
const NO_PRICE_PAGE = 7;
const CUT_OFF_PAGE = 15;

/** The 24 houses of the site; up to three take place, parcel and size from the caller's parcels. Always the same. */
export function fsboHouses(duplicates: readonly DuplicateParcel[] = []): FsboHouse[] {
  return ROWS.map((row, i) => {
    const house = houseOf(row, i);
    const duplicate = duplicates[DUPLICATE_PAGES.indexOf(i as (typeof DUPLICATE_PAGES)[number])];
    return duplicate === undefined ? house : withParcel(house, duplicate, row[10]);
  });
}

function houseOf(row: Row, i: number): FsboHouse {
  const [address, city, zip, latitude, longitude, sqft, lot, bedrooms, bathrooms, yearBuilt, perSqft, ratio] = row;
  const broken = i === NO_PRICE_PAGE ? 'no_price' : i === CUT_OFF_PAGE ? 'cut_off' : null;
  return {
    slug: address.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    address,
    city,
    zip,
    latitude,
    longitude,
    livingAreaSqft: sqft,
    lotSqft: lot,
    bedrooms,
    bathrooms,
    yearBuilt,
    // Majors from 990000 on are not given out, so no real parcel is meant.
    parcelNumber: `${990100 + i * 7}-${String(10 + i * 10).padStart(4, '0')}`,
    askingPriceDollars: broken === 'no_price' ? null : Math.round((sqft * perSqft * ratio) / 500) * 500,
    owner: OWNERS[i % OWNERS.length] ?? '',
    phone: `206-555-01${String(10 + i).padStart(2, '0')}`,
    email: `seller${i + 1}@example.com`,
    remarks: NOTES[i % NOTES.length] ?? '',
    broken,
  };
}

function withParcel(house: FsboHouse, parcel: DuplicateParcel, perSqft: number): FsboHouse {
  const { apn, latitude, longitude, livingAreaSqft } = parcel;
  return {
    ...house,
    parcelNumber: apn,
    latitude,
    longitude,
    livingAreaSqft,
    lotSqft: parcel.lotSqft ?? house.lotSqft,
    bedrooms: parcel.bedrooms ?? house.bedrooms,
    bathrooms: parcel.bathrooms ?? house.bathrooms,
    yearBuilt: parcel.yearBuilt ?? house.yearBuilt,
    zip: parcel.zip ?? house.zip,
    askingPriceDollars: parcel.askingPriceDollars ?? Math.round((livingAreaSqft * perSqft * 0.85) / 500) * 500,
  };
}
