import { renovationBy } from '../columns.ts';
import { orNaN, positive, ratioOf, type ValuationFeature } from './feature.ts';

const feature = (
  name: string,
  unit: string,
  source: string,
  meaning: string,
  compute: ValuationFeature['compute'],
): ValuationFeature => ({ name, unit, family: 'property', source, meaning, nullPolicy: 'missing', compute });

/** What the house is. */
export const PROPERTY_FEATURES: readonly ValuationFeature[] = [
  feature('living_area', 'square feet', 'LivingArea', 'Finished living area.', ({ facts }) => positive(facts.sqft)),
  feature('lot_size', 'square feet', 'LotSizeSquareFeet', 'Land area of the parcel.', ({ facts }) =>
    positive(facts.lotSizeSqft),
  ),
  feature('bedrooms', 'count', 'BedroomsTotal', 'Bedrooms.', ({ facts }) => orNaN(facts.bedrooms)),
  feature(
    'bathrooms',
    'count with quarters',
    'BathroomsTotalDecimal',
    'Bathrooms; 2.25 is two full and a quarter.',
    ({ facts }) => orNaN(facts.bathrooms),
  ),
  feature('stories', 'count', 'Stories', 'Floors; halves occur.', ({ facts }) => orNaN(facts.stories)),
  feature('construction_grade', 'assessor’s grade', 'ConstructionGrade', 'Quality of construction.', ({ facts }) =>
    orNaN(facts.grade),
  ),
  feature('condition', 'assessor’s condition', 'PropertyCondition', 'State of repair.', ({ facts }) =>
    orNaN(facts.condition),
  ),
  feature('waterfront', '0 or 1', 'WaterfrontYN', 'Lies on the water.', ({ facts }) =>
    facts.waterfront === null ? Number.NaN : Number(facts.waterfront),
  ),
  feature('age', 'years', 'YearBuilt', 'Years since construction, as of the day.', ({ age }) => age),
  feature(
    'effective_age',
    'years',
    'YearBuilt, YearRenovated',
    'Years since construction or the last renovation, as of the day.',
    ({ effectiveAge }) => effectiveAge,
  ),
  feature('renovated', '0 or 1', 'YearRenovated', 'A renovation is on record, as of the day.', ({ facts, day }) =>
    facts.yearBuilt === null ? Number.NaN : Number((renovationBy(facts, day) ?? 0) > facts.yearBuilt),
  ),
  feature(
    'lot_to_living_area',
    'ratio',
    'LotSizeSquareFeet, LivingArea',
    'Land for each square foot of house.',
    ({ facts }) => ratioOf(positive(facts.lotSizeSqft), positive(facts.sqft)),
  ),
  feature(
    'living_area_per_bedroom',
    'square feet',
    'LivingArea, BedroomsTotal',
    'Living area for each bedroom.',
    ({ facts }) => ratioOf(positive(facts.sqft), orNaN(facts.bedrooms)),
  ),
  feature(
    'bathrooms_per_bedroom',
    'ratio',
    'BathroomsTotalDecimal, BedroomsTotal',
    'Bathrooms for each bedroom.',
    ({ facts }) => ratioOf(orNaN(facts.bathrooms), orNaN(facts.bedrooms)),
  ),
  feature(
    'living_area_per_story',
    'square feet',
    'LivingArea, Stories',
    'Footprint of the house, about.',
    ({ facts }) => ratioOf(positive(facts.sqft), positive(facts.stories)),
  ),
  feature(
    'graded_living_area',
    'square feet × grade',
    'LivingArea, ConstructionGrade',
    'Living area weighed by quality of construction.',
    ({ facts }) => positive(facts.sqft) * orNaN(facts.grade),
  ),
];
