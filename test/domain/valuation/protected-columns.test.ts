import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extraIsAllowed } from '../../../src/domain/valuation/protected-columns.ts';

const PERSONS = [
  'race',
  'Race',
  'ethnicity',
  'pct_white',
  'PctBlack',
  'black_population',
  'hispanic',
  '% Hispanic',
  'Hispanic_Pop',
  'white_pop',
  'asian',
  'pct_asian',
  'minority_share',
  'nonwhite',
  'religion',
  'sex',
  'gender',
  'owner_gender',
  'pct_female',
  'female',
  'national_origin',
  'ancestry',
  'foreign_born',
  'pct foreign born',
  'disability',
  'disabled_pct',
  'familial_status',
  'households_with_children',
  'marital_status',
  'pct_married',
  'median_age',
  'MedianAge',
  'owner_age',
  'pct_over_65',
  'language',
  'limited_english',
  'citizenship',
  'immigrants',
  'source_of_income',
  'public_assistance',
  'sexual_orientation',
  'lstat',
  'LSTAT',
  'B',
  'people_of_color',
  'section_8',
  'pctblack',
  'blackpop',
];
const LEAKS = [
  'price_per_sqft',
  'PricePerSqft',
  '$/SQUARE FEET',
  'ppsf',
  'price_sqft',
  'log_price',
  'logPrice',
  'adjusted price',
  'adj_price',
  'sale_price',
  'Sale Price',
  'SalePrice',
  'sold_price',
  'Zestimate',
  'commission',
  'loan_amount',
  'mortgage_amount',
  'list_price',
  'ListPrice',
  'sale_to_list',
  'assessment_ratio',
  'sales_ratio',
  'transfer_tax',
  'price',
  'price_range',
  'ln_saleprice',
  'Price per m2',
  'down_payment',
  'log_sale_price',
  'predicted_price',
];
const FINE = [
  'building_age',
  'house_age',
  'sexton',
  'Sexton Road',
  'race street',
  'Race Track Distance',
  'Land Contour',
  'Land Slope',
  'view',
  'sqft_living15',
  'sqft_lot15',
  'MS SubClass',
  'Exterior Color',
  'roof_color',
  'wall_color',
  'White Oak Floors',
  'housing_median_age',
  'median_income',
  'population',
  'households',
  'ocean_proximity',
  'Lot Frontage',
  'Garage Yr Blt',
  'Sale Condition',
  'Sale Type',
  'BLOCK',
  'LOT',
  'TAX CLASS AT PRESENT',
  'ASSESSED_VALUE',
  'Black Rock View',
  'age',
  'Condition 1',
  'Overall Qual',
  'terrace',
  'brace',
  'Mansard',
  'main_floor',
  'manufactured',
  'distance_to_church',
  'handicap_access',
  'Landmark',
  'maleny',
  'grade',
  'tax_amount',
  'prior_sale_price',
  'median_price_zip',
  'Misc Val',
  'land_value',
  'embrace',
  'Fireplace Qu',
  'hoa',
  'school_rating',
  'crime_rate',
  'Family Room',
  'children_playground',
  'Mo Sold',
  'bathrooms',
  'Single Family',
  'building_style',
  'Black Creek Drive',
  'mansion',
];

describe('columns that a model may learn from', () => {
  it.each(PERSONS)('refuses %s: it tells of persons', (name) => {
    expect(extraIsAllowed(name)).toMatchObject({ allowed: false, reason: expect.stringContaining('protects') });
  });

  it.each(LEAKS)('refuses %s: it tells the price', (name) => {
    expect(extraIsAllowed(name)).toMatchObject({ allowed: false, reason: expect.stringContaining('price') });
  });

  it.each(FINE)('allows %s', (name) => {
    expect(extraIsAllowed(name)).toEqual({ allowed: true });
  });

  it('judges words, whatever their case and punctuation', () => {
    const separators = fc.constantFrom('_', ' ', '-', '.', '__', ' - ');
    const spelt = fc.constantFrom(
      'pct white',
      'foreign born',
      'price per sqft',
      'owner gender',
      'log price',
      'median age',
    );
    fc.assert(
      fc.property(spelt, separators, fc.boolean(), (words, separator, upper) => {
        const name = words.replaceAll(' ', separator);
        expect(extraIsAllowed(upper ? name.toUpperCase() : name).allowed).toBe(false);
      }),
    );
  });

  it('answers for any text without failing, and always the same', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(extraIsAllowed(name)).toEqual(extraIsAllowed(name));
      }),
    );
  });
});
