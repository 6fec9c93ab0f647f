import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generalMapping } from '../../../src/activities/discover/column-proposal.ts';
import { headerReadings } from '../../../src/activities/discover/header-meaning.ts';
import { normaliseHeader } from '../../../src/activities/discover/header-words.ts';
import { recipes } from './support.ts';

/** Column → field, with its unit, as names alone have it. */
function named(...headers: string[]): Record<string, string> {
  const { rules } = generalMapping(headers, { recipes, path: 'x.csv', recordKind: 'sale' });
  return Object.fromEntries(
    rules.map(({ field, columns, rule }) => [
      columns[0] ?? '',
      rule.unit === undefined ? field : `${field}:${rule.unit}`,
    ]),
  );
}

describe('headers in short words', () => {
  it('are read written out, without whose value it is and without a 1 behind them', () => {
    expect(named('SALE_PRC1', 'SALE_YR1', 'SALE_MO1', 'TOT_LVG_AREA', 'ACT_YR_BLT', 'LND_SQFOOT', 'PHY_CITY')).toEqual({
      saleprc1: 'ClosePrice',
      saleyr1: 'SaleYear',
      salemo1: 'SaleMonth',
      totlvgarea: 'LivingArea',
      actyrblt: 'YearBuilt',
      lndsqfoot: 'LotSizeSquareFeet',
      phycity: 'City',
    });
    expect(named('meta_pin', 'meta_sale_price', 'meta_sale_date', 'loc_property_address', 'char_yrblt')).toEqual({
      metapin: 'ParcelNumber',
      metasaleprice: 'ClosePrice',
      metasaledate: 'CloseDate',
      locpropertyaddress: 'UnparsedAddress',
      charyrblt: 'YearBuilt',
    });
    expect(named('BATHRM', 'HF_BATHRM', 'BEDRM', 'Livable Sq Ft', 'Apx SqFt')).toMatchObject({
      bathrm: 'BathroomsFull',
      hfbathrm: 'BathroomsHalf',
      bedrm: 'BedroomsTotal',
      livablesqft: 'LivingArea',
    });
    expect(named('Livable Area (m2)')).toEqual({ livableaream2: 'LivingArea:sqm' });
    expect(named('FINISHEDLIVINGAREA', 'PROPERTYHOUSENUM', 'Straße', 'Grundstücksfläche')).toEqual({
      finishedlivingarea: 'LivingArea',
      propertyhousenum: 'StreetNumber',
      strasse: 'UnparsedAddress',
      grundstucksflache: 'LotSizeSquareFeet',
    });
  });

  it('are known as the usual mass appraisal systems print them', () => {
    expect(
      named('PARID', 'SALEDT', 'PRICE', 'SFLA', 'RMBED', 'FIXBATH', 'FIXHALF', 'YRBLT', 'ADRNO', 'ADRSTR'),
    ).toEqual({
      parid: 'ParcelNumber',
      saledt: 'CloseDate',
      price: 'ClosePrice',
      sfla: 'LivingArea',
      rmbed: 'BedroomsTotal',
      fixbath: 'BathroomsFull',
      fixhalf: 'BathroomsHalf',
      yrblt: 'YearBuilt',
      adrno: 'StreetNumber',
      adrstr: 'StreetName',
    });
  });

  it('never make a price or a date of a value or a day of something else, nor a parcel of a count', () => {
    expect(named('property_value', 'site value', 'assessment date', 'last update date', 'Propertycount')).toEqual({});
    expect(named('SALE_PRC2', 'SALE_YR2', 'OWN_ADDR1', 'OWN_CITY', 'PREVSALEPRICE', 'PREVSALEDATE')).toEqual({});
  });

  it('leave the wider name to the lot or to nothing where the living area has its own', () => {
    expect(named('total_area', 'total_livable_area')).toEqual({ totallivablearea: 'LivingArea' });
  });

  it('take the words beside a code', () => {
    expect(named('SALE PRICE', 'USECODE', 'CONDITION', 'CONDITIONDESC')).toMatchObject({
      conditiondesc: 'PropertyCondition',
    });
  });

  it('make a sale of a sold price beside the asking one, and a listing of the last sale', () => {
    const kind = (...headers: string[]) => generalMapping(headers, { recipes, path: 'x.csv' }).recordKind;
    expect(kind('List Price', 'Sold Price', 'Close Date', 'DOM')).toBe('sale');
    expect(kind('List Price', 'Last Sale Price', 'Last Sale Date')).toBe('listing');
    expect(kind('Price', 'Date', 'Beds')).toBe('sale');
    expect(kind('Price', 'Date', 'Beds', 'Days on Market')).toBe('listing');
  });

  it('are read the same in any case, and never read as themselves', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}\d?$/), { minLength: 1, maxLength: 4 }), (words) => {
        const header = words.join('_');
        const readings = headerReadings(header);
        expect(headerReadings(header.toUpperCase())).toEqual(readings);
        expect(readings).not.toContain(normaliseHeader(header));
      }),
    );
  });
});
