import { parcelGroup } from '../location.ts';
import { orNaN, type ValuationFeature } from './feature.ts';

const KM_PER_DEGREE = 111.32;

const feature = (
  name: string,
  unit: string,
  source: string,
  meaning: string,
  compute: ValuationFeature['compute'],
): ValuationFeature => ({ name, unit, family: 'location', source, meaning, nullPolicy: 'missing', compute });

/** A tree cuts along its axes only; turned axes let it follow a shore or a highway that runs aslant. */
const turned = (degrees: number): ValuationFeature =>
  feature(
    `map_axis_${degrees}`,
    'kilometres',
    'Latitude, Longitude',
    `Position along an axis turned ${degrees} degrees from east, from the middle of the market.`,
    ({ facts, history }) => {
      const { centre } = history.model.metric;
      if (centre === null) return Number.NaN;
      const east =
        (orNaN(facts.longitude) - centre.longitude) * KM_PER_DEGREE * Math.cos((centre.latitude * Math.PI) / 180);
      const north = (orNaN(facts.latitude) - centre.latitude) * KM_PER_DEGREE;
      const angle = (degrees * Math.PI) / 180;
      return east * Math.cos(angle) + north * Math.sin(angle);
    },
  );

/** Digits of a name as a number: neighbouring codes are mostly neighbouring places. */
const asNumber = (text: string | null) => (text !== null && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN);

/** Where the house is. */
export const LOCATION_FEATURES: readonly ValuationFeature[] = [
  feature('latitude', 'degrees', 'Latitude', 'North.', ({ facts }) => orNaN(facts.latitude)),
  feature('longitude', 'degrees', 'Longitude', 'East.', ({ facts }) => orNaN(facts.longitude)),
  ...[15, 30, 45, 60, 75].map(turned),
  feature(
    'distance_to_center',
    'kilometres',
    'Latitude, Longitude',
    'Distance to the middle of the market’s sales.',
    ({ facts, history }) => {
      const { centre } = history.model.metric;
      if (centre === null) return Number.NaN;
      const shrink = Math.cos((centre.latitude * Math.PI) / 180);
      return Math.hypot(
        (orNaN(facts.longitude) - centre.longitude) * KM_PER_DEGREE * shrink,
        (orNaN(facts.latitude) - centre.latitude) * KM_PER_DEGREE,
      );
    },
  ),
  feature('postal_code', 'code', 'PostalCode', 'Postal code as a number.', ({ facts }) => asNumber(facts.zipCode)),
  feature(
    'parcel_group',
    'code',
    'ParcelNumber',
    'Plat, map page or block: the parcel number without its last four digits.',
    ({ subject }) => asNumber(parcelGroup(subject.parcel)),
  ),
];
