import type { SimulatedAnswer } from './answer.ts';
import { type Demographics, demographicsAt } from './fields.ts';
import { countyOf, PLACES, type SimulatedCounty, tractCentre } from './places.ts';

const COLUMNS: Record<string, (figures: Demographics) => number> = {
  B19013_001E: ({ income }) => income,
  B25077_001E: ({ homeValue }) => homeValue,
  B01003_001E: ({ population }) => population,
  B25064_001E: ({ rent }) => rent,
  B25003_001E: ({ occupied }) => occupied,
  B25003_002E: ({ ownerOccupied }) => ownerOccupied,
};

/** `/{year}/acs/acs5`: a header row and one row of text; 204 where there is no such area, 400 in plain text for a bad question. */
export function answerAcs(query: URLSearchParams): SimulatedAnswer {
  const variables = (query.get('get') ?? '').split(',').filter((name) => name !== '');
  const unknown = variables.find((name) => name !== 'NAME' && COLUMNS[name] === undefined);
  if (variables.length === 0 || unknown !== undefined)
    return { status: 400, body: `error: error: unknown variable '${unknown ?? ''}'` };
  const area = areaOf(query);
  if (area === 'bad') return { status: 400, body: 'error: unknown/unsupported geography hierarchy' };
  if (area === null) return { status: 204, body: '' };
  const figures = demographicsAt(area.key, area.county.fips, area.latitude, area.longitude);
  const row = variables.map((name) => (name === 'NAME' ? area.name : String(COLUMNS[name]?.(figures))));
  return {
    status: 200,
    body: [
      [...variables, ...area.columns],
      [...row, ...area.values],
    ],
  };
}

interface Area {
  key: string;
  name: string;
  county: SimulatedCounty;
  latitude: number;
  longitude: number;
  columns: string[];
  values: string[];
}

function areaOf(query: URLSearchParams): Area | null | 'bad' {
  const wanted = query.get('for') ?? '';
  const zip = /^zip code tabulation area:(\d{5})$/.exec(wanted)?.[1];
  if (zip !== undefined) {
    const place =
      PLACES.find((each) => each.zip === zip) ?? PLACES.find((each) => each.zip.slice(0, 3) === zip.slice(0, 3));
    const county = place === undefined ? undefined : countyOf(place.countyFips);
    if (place === undefined || county === undefined) return null;
    return { key: zip, name: `ZCTA5 ${zip}`, county, ...place, columns: ['zip code tabulation area'], values: [zip] };
  }
  const tract = /^tract:(\d{6})$/.exec(wanted)?.[1];
  const parent = /^state:(\d{2})[ +]county:(\d{3})$/.exec(query.get('in') ?? '');
  const [, state = '', countyCode = ''] = parent ?? [];
  if (tract === undefined || parent === null) return 'bad';
  const county = countyOf(`${state}${countyCode}`);
  if (county === undefined) return null;
  const name = `Census Tract ${Number(tract.slice(0, 4))}.${tract.slice(4)}; ${county.name} County; ${county.stateName}`;
  const key = `${county.fips}${tract}`;
  return {
    key,
    name,
    county,
    ...tractCentre(county, tract),
    columns: ['state', 'county', 'tract'],
    values: [state, countyCode, tract],
  };
}
