import type { SimulatedAnswer } from './answer.ts';
import { pick } from './fields.ts';
import type { ParcelBook, SimulatedParcel } from './parcels.ts';

/** Assessments are written at a tenth of market value for homes, and numbers as text, as the county's portal does. */
const RESIDENTIAL_LEVEL = 0.1;
const YEAR = '2024';

const DATASETS: Record<string, (parcel: SimulatedParcel) => Record<string, string>> = {
  '3723-97qp': (parcel) => ({
    pin: parcel.pin,
    pin10: parcel.pin.slice(0, 10),
    year: YEAR,
    prop_address_full: parcel.address,
    prop_address_city_name: parcel.place.city,
    prop_address_state: 'IL',
    prop_address_zipcode_1: parcel.zip,
    mail_address_name: 'OWNER OF RECORD',
    mail_address_full: parcel.address,
    mail_address_city_name: parcel.place.city,
    mail_address_state: 'IL',
    mail_address_zipcode_1: parcel.zip,
    owner_address_name: 'OWNER OF RECORD',
    row_id: `${parcel.pin}${YEAR}`,
  }),
  'uzyt-m557': (parcel) => {
    const land = String(Math.round(parcel.landDollars * RESIDENTIAL_LEVEL));
    const building = String(Math.round(parcel.improvementDollars * RESIDENTIAL_LEVEL));
    const total = String(Number(land) + Number(building));
    return {
      pin: parcel.pin,
      year: YEAR,
      class: '203',
      township_code: '77',
      township_name: 'West Chicago',
      mailed_bldg: building,
      mailed_land: land,
      mailed_tot: total,
      certified_bldg: building,
      certified_land: land,
      certified_tot: total,
      row_id: `${parcel.pin}${YEAR}`,
    };
  },
  'x54s-btds': (parcel) => ({
    pin: parcel.pin,
    card: '1',
    year: YEAR,
    class: '203',
    township_code: '77',
    pin_is_multicard: 'false',
    pin_num_cards: '1',
    char_yrblt: String(parcel.yearBuilt),
    char_bldg_sf: String(parcel.sqft),
    char_land_sf: String(parcel.lotSqft),
    char_beds: String(parcel.bedrooms),
    char_rooms: String(parcel.bedrooms + 3),
    char_fbath: String(pick(`${parcel.pin}:bath`, 1, 2)),
    char_hbath: String(pick(`${parcel.pin}:half`, 0, 1)),
    char_type_resd: pick(`${parcel.pin}:stories`, 0, 1) === 0 ? '1 Story' : '2 Story',
    char_repair_cnd: 'Average',
    row_id: `${parcel.pin}1${YEAR}`,
  }),
};

/** `/resource/{dataset}.json?pin=`: the rows of one PIN; an empty list for a PIN of another form. */
export function answerSocrata(dataset: string, query: URLSearchParams, book: ParcelBook): SimulatedAnswer {
  const rowOf = DATASETS[dataset];
  if (rowOf === undefined) {
    return { status: 404, body: { code: 'dataset.missing', error: true, message: 'Not found', data: { id: dataset } } };
  }
  const pin = query.get('pin') ?? '';
  const parcel = /^\d{14}$/.test(pin) ? book.byPin('17031', pin) : null;
  return { status: 200, body: parcel === null ? [] : [rowOf(parcel)] };
}
